/** The signal-quiesce event (type 0x1d): the machine asks the program to shut down. */
import { eventBuffer, type Payload, SclpEvent, SclpResponse } from '@zarch/arch';
import { type EventDevice, makeEvent, payloadData } from './event-device.ts';

/** Timeout (halfword) and its unit (byte): zero, as long as it takes. */
const CONTENT_SIZE = 3;
const VERSION = 1;

export class SignalQuiesce implements EventDevice {
  readonly name = 'sclp-signal-quiesce';
  readonly receives: readonly number[] = [];
  readonly sends = [SclpEvent.signalQuiesce];
  #pending = false;
  #signal: () => void = () => {};

  connect(signal: () => void): void {
    this.#signal = signal;
  }

  /** Makes the event pending. */
  request(): void {
    this.#pending = true;
    this.#signal();
  }

  write(): number {
    return SclpResponse.eventBufferSyntaxError;
  }

  pending(type: number): boolean {
    return type === SclpEvent.signalQuiesce && this.#pending;
  }

  take(type: number, room: number): Uint8Array | undefined {
    if (!this.pending(type) || room < eventBuffer.size + CONTENT_SIZE) return undefined;
    this.#pending = false;
    return makeEvent(type, new Uint8Array(CONTENT_SIZE));
  }

  reset(): void {
    this.#pending = false;
  }

  save(): Payload {
    return { name: this.name, version: VERSION, data: { pending: this.#pending } };
  }

  restore(state: Payload): void {
    this.#pending = payloadData<{ pending: boolean }>(state, this.name, VERSION).pending;
  }
}
