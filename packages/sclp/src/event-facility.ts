/**
 * The event facility: commands with which a program says what events it takes, writes events and reads them.
 *
 * A program's receive mask decides which events are pending for it. A change of what the SCLP itself sends and
 * receives is an event too (state change, type 8).
 */
import {
  eventBuffer,
  eventMask,
  eventMaskBit,
  type Payload,
  SccbFunction,
  SclpEvent,
  SclpResponse,
  sccbHeader,
} from '@zarch/arch';
import type { ControlBlock } from './control-block.ts';
import { EventBuffer, type EventDevice, makeEvent, payloadData } from './event-device.ts';

/** The facility keeps masks of 64 bits; the rest of a longer mask is zero. */
const MASK_BYTES = 8;
const DEFAULT_MASK_LENGTH = 4;
/** The receive and send masks of a state-change event are valid. */
const MASKS_VALID = 0x6000;
const VERSION = 1;

interface SavedFacility {
  readonly receiveMask: bigint;
  readonly sendMask: bigint;
  readonly maskLength: number;
  readonly stateChanged: boolean;
  readonly devices: readonly Payload[];
}

export class EventFacility {
  readonly name = 'sclp-event-facility';
  readonly #signal: () => void;
  readonly #devices: EventDevice[] = [];
  #receiveMask = 0n;
  #sendMask = 0n;
  #maskLength = DEFAULT_MASK_LENGTH;
  #stateChanged = false;

  /** @param signal - Called when an event becomes pending that the program listens to. */
  constructor(signal: () => void) {
    this.#signal = signal;
  }

  /** Adds a device that answers for types no other device has. */
  attach(device: EventDevice): void {
    for (const other of this.#devices) {
      const shared = (a: readonly number[], b: readonly number[]) => a.some((type) => b.includes(type));
      if (shared(other.receives, device.receives) || shared(other.sends, device.sends)) {
        throw new RangeError(`${other.name} and ${device.name} answer for the same events`);
      }
    }
    this.#devices.push(device);
    device.connect(() => this.#notify());
    this.#changed();
  }

  /** Takes a device away, with what was pending from it. */
  detach(device: EventDevice): void {
    const at = this.#devices.indexOf(device);
    if (at < 0) throw new RangeError(`${device.name} is not attached`);
    this.#devices.splice(at, 1);
    device.connect(() => {});
    this.#changed();
  }

  /** Whether the program listens to events of `type`. */
  listens(type: number): boolean {
    return (this.#receiveMask & eventMaskBit(type)) !== 0n;
  }

  /** Whether an event is pending that the program listens to. */
  get pending(): boolean {
    return this.#waiting(this.#receiveMask);
  }

  /** WRITE EVENT MASK. */
  writeEventMask(block: ControlBlock): number {
    if (block.room < eventMask.masks) return SclpResponse.insufficientSccbLength;
    const length = block.data.getUint16(eventMask.maskLength);
    if (length === 0 || length > eventMask.maximumLength) return SclpResponse.invalidMaskLength;
    if (block.room < eventMask.masks + 4 * length) return SclpResponse.insufficientSccbLength;

    const at = (index: number) => eventMask.masks + index * length;
    this.#receiveMask = readMask(block.bytes, at(0), length);
    this.#sendMask = readMask(block.bytes, at(1), length);
    this.#maskLength = length;
    this.#stateChanged = false;
    writeMask(block.bytes, at(2), length, this.#mask('receives'));
    writeMask(block.bytes, at(3), length, this.#mask('sends'));
    return SclpResponse.normalCompletion;
  }

  /** WRITE EVENT DATA: after a buffer that cannot be accepted, those that follow are not looked at. */
  writeEventData(block: ControlBlock): number {
    if (block.functionCode !== SccbFunction.normalWrite) return SclpResponse.invalidFunction;
    const events: EventBuffer[] = [];
    for (let at: number = sccbHeader.size; at < block.room; ) {
      if (block.room - at < eventBuffer.size) return SclpResponse.inconsistentLengths;
      const length = block.data.getUint16(at + eventBuffer.length);
      if (length < eventBuffer.size || length > block.room - at) return SclpResponse.eventBufferSyntaxError;
      events.push(new EventBuffer(block.bytes.subarray(at, at + length)));
      at += length;
    }
    let response: number = SclpResponse.normalCompletion;
    for (const event of events) {
      event.accepted = false;
      if (response !== SclpResponse.normalCompletion) continue;
      const device = this.#devices.find((candidate) => candidate.receives.includes(event.type));
      // Linux reads this response as an event that is not supported; QEMU has "invalid function" instead.
      response = device?.write(event) ?? SclpResponse.eventBufferSyntaxError;
    }
    return response;
  }

  /** READ EVENT DATA: as many pending events as fit. */
  readEventData(block: ControlBlock): number {
    let mask = this.#receiveMask;
    if (block.functionCode === SccbFunction.selectiveRead) {
      if (block.room < sccbHeader.size + this.#maskLength) return SclpResponse.insufficientSccbLength;
      mask = readMask(block.bytes, sccbHeader.size, this.#maskLength);
      if (this.#receiveMask === 0n || (mask & ~this.#receiveMask) !== 0n) {
        return SclpResponse.invalidSelectionMask;
      }
    } else if (block.functionCode !== SccbFunction.unconditionalRead) {
      return SclpResponse.invalidFunction;
    }
    if (!this.#waiting(mask)) {
      return this.pending ? SclpResponse.eventBuffersSuppressed : SclpResponse.noEventBuffers;
    }

    let at: number = sccbHeader.size;
    for (let event = this.#take(mask, block.room - at); event; event = this.#take(mask, block.room - at)) {
      block.bytes.set(event, at);
      at += event.length;
    }
    if (at === sccbHeader.size) return SclpResponse.eventExceedsSccb;
    // A program that walks the whole block stops at a buffer of length zero.
    block.bytes.fill(0, at);
    if (block.variableLengthResponse) {
      block.variableLengthResponse = false;
      block.length = at;
    }
    return SclpResponse.normalCompletion;
  }

  /** The program listens to nothing, and nothing is pending. */
  reset(): void {
    this.#receiveMask = 0n;
    this.#sendMask = 0n;
    this.#maskLength = DEFAULT_MASK_LENGTH;
    this.#stateChanged = false;
    for (const device of this.#devices) device.reset();
  }

  save(): Payload {
    const data: SavedFacility = {
      receiveMask: this.#receiveMask,
      sendMask: this.#sendMask,
      maskLength: this.#maskLength,
      stateChanged: this.#stateChanged,
      devices: this.#devices.map((device) => device.save()),
    };
    return { name: this.name, version: VERSION, data };
  }

  /** @throws {RangeError} When the state is of other devices than are attached. */
  restore(state: Payload): void {
    const saved = payloadData<SavedFacility>(state, this.name, VERSION);
    if (saved.devices.length !== this.#devices.length) {
      throw new RangeError(
        `${this.name} with ${this.#devices.length} devices, saved with ${saved.devices.length}`,
      );
    }
    for (const device of this.#devices) {
      const payload = saved.devices.find((candidate) => candidate.name === device.name);
      if (payload === undefined) throw new RangeError(`no saved state for ${device.name}`);
      device.restore(payload);
    }
    this.#receiveMask = saved.receiveMask;
    this.#sendMask = saved.sendMask;
    this.#maskLength = saved.maskLength;
    this.#stateChanged = saved.stateChanged;
  }

  #notify(): void {
    if (this.pending) this.#signal();
  }

  #changed(): void {
    this.#stateChanged = this.listens(SclpEvent.stateChange);
    this.#notify();
  }

  /** The types of all devices, and in what the SCLP sends the state change itself. */
  #mask(direction: 'receives' | 'sends'): bigint {
    const types = this.#devices.flatMap((device) => device[direction]);
    if (direction === 'sends') types.push(SclpEvent.stateChange);
    return types.reduce((mask, type) => mask | eventMaskBit(type), 0n);
  }

  #waiting(mask: bigint): boolean {
    if (this.#stateChanged && (mask & eventMaskBit(SclpEvent.stateChange)) !== 0n) return true;
    return this.#selected(mask).some(([device, type]) => device.pending(type));
  }

  #take(mask: bigint, room: number): Uint8Array | undefined {
    if (this.#stateChanged && (mask & eventMaskBit(SclpEvent.stateChange)) !== 0n) {
      const event = this.#stateChangeEvent();
      if (event.length > room) return undefined;
      this.#stateChanged = false;
      return event;
    }
    for (const [device, type] of this.#selected(mask)) {
      const event = device.take(type, room);
      if (event !== undefined) return event;
    }
    return undefined;
  }

  #selected(mask: bigint): (readonly [EventDevice, number])[] {
    return this.#devices
      .flatMap((device) => device.sends.map((type) => [device, type] as const))
      .filter(([, type]) => (mask & eventMaskBit(type)) !== 0n);
  }

  #stateChangeEvent(): Uint8Array {
    const length = this.#maskLength;
    const content = new Uint8Array(12 + 2 * length + 4);
    const data = new DataView(content.buffer);
    data.setUint16(0, MASKS_VALID);
    data.setUint16(2, length);
    writeMask(content, 12, length, this.#mask('receives'));
    writeMask(content, 12 + length, length, this.#mask('sends'));
    return makeEvent(SclpEvent.stateChange, content);
  }
}

function readMask(bytes: Uint8Array, at: number, length: number): bigint {
  let mask = 0n;
  for (let i = 0; i < MASK_BYTES; i++) {
    mask = (mask << 8n) | BigInt(i < length ? (bytes[at + i] ?? 0) : 0);
  }
  return mask;
}

function writeMask(bytes: Uint8Array, at: number, length: number, mask: bigint): void {
  for (let i = 0; i < length; i++) {
    bytes[at + i] = i < MASK_BYTES ? Number((mask >> BigInt(8 * (MASK_BYTES - 1 - i))) & 0xffn) : 0;
  }
}
