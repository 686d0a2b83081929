/**
 * The receiving half of a connection with the guest (RFC 9293, sections 3.8.6 and 3.10.7.4): what is taken, and when the
 * guest hears of it. The guest's frames do not get lost, so what is out of order is not kept but comes again.
 */
import type { Timer, Timers } from '../host.ts';
import { TcpFlag, type TcpSegment } from './segment.ts';
import { advance, distance } from './sequence.ts';

/** Bytes of the guest that wait for the host at most. */
export const RECEIVE_BUFFER = 256 * 1024;
/** What makes the whole buffer fit into the header's field. */
export const RECEIVE_SHIFT = 3;
const ACKNOWLEDGMENT_DELAY = 10;
const LARGEST_WINDOW = 0xffff;

export interface Accepted {
  readonly data: Uint8Array;
  /** The guest will send nothing more. */
  readonly fin: boolean;
}

export class Receiver {
  readonly #timers: Timers;
  readonly #maximumSegment: number;
  readonly #acknowledge: () => void;
  readonly #shift: number;
  readonly #capacity: number;
  #next: number;
  /** Taken, and not yet with the host's peer. */
  #waiting = 0;
  /** Taken, and not yet acknowledged. */
  #unacknowledged = 0;
  /** The end of the window that the guest knows. */
  #edge: number;
  #timer: Timer | undefined;

  /** @param initialSequence - The number of the guest's SYN. */
  constructor(
    initialSequence: number,
    options: {
      readonly timers: Timers;
      readonly maximumSegment: number;
      /** Whether the guest has agreed to scaled windows. */
      readonly scaled: boolean;
      /** Sends an acknowledgment now. */
      readonly acknowledge: () => void;
    },
  ) {
    this.#timers = options.timers;
    this.#maximumSegment = options.maximumSegment;
    this.#acknowledge = options.acknowledge;
    this.#shift = options.scaled ? RECEIVE_SHIFT : 0;
    this.#capacity = options.scaled ? RECEIVE_BUFFER : LARGEST_WINDOW;
    this.#next = advance(initialSequence, 1);
    this.#edge = this.#next;
  }

  /** The sequence number that is expected. */
  get next(): number {
    return this.#next;
  }

  /** The header's field for a segment that is about to be sent with an acknowledgment. */
  announce(syn: boolean): number {
    const shift = syn ? 0 : this.#shift;
    const field = Math.min(this.#free >> shift, LARGEST_WINDOW);
    this.#edge = advance(this.#next, field << shift);
    this.#unacknowledged = 0;
    this.stop();
    return field;
  }

  /** Whether any of a segment is in the window (RFC 9293, table 6). */
  admits({ sequence, data, flags }: TcpSegment): boolean {
    const length = data.length + (flags & TcpFlag.fin ? 1 : 0);
    const free = this.#free;
    const start = distance(this.#next, sequence);
    // A FIN takes no room.
    if (data.length === 0 && start === 0) return true;
    if (length === 0) return start > 0 && start < free;
    return free > 0 && start < free && start + length > 0;
  }

  /** Takes from an admitted segment what follows on what was taken. */
  accept({ sequence, data, flags }: TcpSegment): Accepted {
    const start = distance(this.#next, sequence);
    if (start > 0) {
      this.#acknowledge();
      return { data: data.subarray(0, 0), fin: false };
    }
    const taken = data.subarray(-start, -start + this.#free);
    const whole = taken.length === Math.max(0, data.length + start);
    const fin = (flags & TcpFlag.fin) !== 0 && whole && -start <= data.length;
    this.#next = advance(this.#next, taken.length + (fin ? 1 : 0));
    this.#waiting += taken.length;
    this.#unacknowledged += taken.length;
    if (!whole || fin || start < 0 || this.#unacknowledged >= 2 * this.#maximumSegment) this.#acknowledge();
    else if (taken.length > 0) this.#later();
    return { data: taken, fin };
  }

  /**
   * The host's peer has some of it.
   *
   * @returns Whether the guest should hear that it may send more.
   */
  written(count: number): boolean {
    this.#waiting -= count;
    return this.#free - distance(this.#next, this.#edge) >= this.#capacity / 2;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  get #free(): number {
    return this.#capacity - this.#waiting;
  }

  #later(): void {
    this.#timer ??= this.#timers.after(ACKNOWLEDGMENT_DELAY, () => {
      this.#timer = undefined;
      this.#acknowledge();
    });
  }
}
