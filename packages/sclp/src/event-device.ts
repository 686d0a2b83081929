/** What the event facility asks of whatever sends or receives events. */
import { EVENT_BUFFER_ACCEPTED, eventBuffer, type Payload } from '@zarch/arch';

export interface EventDevice {
  /** Names the device's saved state; each device of a facility has its own. */
  readonly name: string;
  /** Types of events that a program may write to the device. */
  readonly receives: readonly number[];
  /** Types of events that the device may have for a program. */
  readonly sends: readonly number[];

  /**
   * Gives the device a way to say that it has an event.
   *
   * @param signal - To call after an event has become pending.
   */
  connect(signal: () => void): void;

  /**
   * Takes an event that the program wrote.
   *
   * @param event - The event buffer with its header, to answer in. Its length is at least that of the header.
   * @returns The response code; normal completion when the event was accepted.
   */
  write(event: EventBuffer): number;

  /** Whether an event of `type` waits to be read. */
  pending(type: number): boolean;

  /**
   * Takes the next event of `type`, as a whole event buffer.
   *
   * @param room - Bytes there are for it.
   * @returns Undefined when there is none or it does not fit; it stays pending then.
   */
  take(type: number, room: number): Uint8Array | undefined;

  /** Forgets what was pending, as a subsystem reset does. */
  reset(): void;
  save(): Payload;
  /** @throws {RangeError} When another kind of object, or an unknown version, saved the state. */
  restore(state: Payload): void;
}

/** An event buffer inside an SCCB. */
export class EventBuffer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly data: DataView;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
    this.data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get type(): number {
    return this.data.getUint8(eventBuffer.type);
  }

  set accepted(value: boolean) {
    const flags = this.data.getUint8(eventBuffer.flags) & ~EVENT_BUFFER_ACCEPTED;
    this.data.setUint8(eventBuffer.flags, value ? flags | EVENT_BUFFER_ACCEPTED : flags);
  }

  /** What follows the header. */
  get content(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(eventBuffer.size);
  }
}

/** An event buffer for a program to read. */
export function makeEvent(type: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const event = new EventBuffer(new Uint8Array(eventBuffer.size + content.length));
  event.data.setUint16(eventBuffer.length, event.bytes.length);
  event.data.setUint8(eventBuffer.type, type);
  event.content.set(content);
  return event.bytes;
}

/**
 * The data of a payload.
 *
 * @throws {RangeError} When another kind of object, or an unknown version, saved it.
 */
export function payloadData<Data>(state: Payload, name: string, version: number): Data {
  if (state.name !== name || state.version !== version) {
    throw new RangeError(`${name} cannot restore version ${state.version} of ${state.name}`);
  }
  return state.data as Data;
}
