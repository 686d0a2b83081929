/**
 * The VT220 console: events of type 0x1a carry characters to and from a full-screen terminal, unchanged. What comes
 * from the terminal is preceded by a byte that tells data from the start and end of a session.
 */
import { eventBuffer, type Payload, SclpEvent, SclpResponse } from '@zarch/arch';
import { ByteQueue } from './byte-queue.ts';
import { type EventBuffer, type EventDevice, makeEvent, payloadData } from './event-device.ts';

const SESSION_DATA = 0x00;
const INPUT_LIMIT = 65536;
const VERSION = 1;

export interface Vt220ConsoleOptions {
  /** Gets what the program writes: whatever a terminal understands, in UTF-8 as a rule. */
  readonly onOutput: (bytes: Uint8Array) => void;
  /** Called when the program has read input after {@link Vt220Console.input} had to refuse some. */
  readonly onRoom?: () => void;
}

export class Vt220Console implements EventDevice {
  readonly name = 'sclp-vt220-console';
  readonly receives = [SclpEvent.vt220];
  readonly sends = [SclpEvent.vt220];
  readonly #options: Vt220ConsoleOptions;
  readonly #input = new ByteQueue(INPUT_LIMIT);
  #refused = false;
  #signal: () => void = () => {};

  constructor(options: Vt220ConsoleOptions) {
    this.#options = options;
  }

  connect(signal: () => void): void {
    this.#signal = signal;
  }

  /**
   * What the terminal sends, in pieces of any size.
   *
   * @returns How many of the bytes were taken: fewer than given when the program does not read.
   */
  input(bytes: Uint8Array): number {
    const count = this.#input.push(bytes);
    this.#refused ||= count < bytes.length;
    if (count > 0) this.#signal();
    return count;
  }

  write(event: EventBuffer): number {
    if (event.content.length > 0) this.#options.onOutput(event.content.slice());
    event.accepted = true;
    return SclpResponse.normalCompletion;
  }

  pending(type: number): boolean {
    return type === SclpEvent.vt220 && this.#input.length > 0;
  }

  take(type: number, room: number): Uint8Array | undefined {
    const count = Math.min(this.#input.length, room - eventBuffer.size - 1);
    if (type !== SclpEvent.vt220 || count <= 0) return undefined;
    const event = makeEvent(type, Uint8Array.of(SESSION_DATA, ...this.#input.shift(count)));
    if (this.#refused) {
      this.#refused = false;
      this.#options.onRoom?.();
    }
    return event;
  }

  reset(): void {
    this.#input.set(new Uint8Array());
  }

  save(): Payload {
    return { name: this.name, version: VERSION, data: { input: this.#input.bytes() } };
  }

  restore(state: Payload): void {
    this.#input.set(payloadData<{ input: Uint8Array }>(state, this.name, VERSION).input);
  }
}
