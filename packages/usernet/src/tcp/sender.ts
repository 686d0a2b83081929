/**
 * The sending half of a connection with the guest (RFC 9293, sections 3.7 and 3.8; RFC 6582): what is sent when, and
 * sent again. Frames are lost only where the guest has no buffers, so the timer needs no measurements.
 */
import type { Timer, Timers } from '../host.ts';
import { CongestionWindow } from './congestion.ts';
import { SendBuffer } from './send-buffer.ts';
import { advance, distance } from './sequence.ts';

const FIRST_TIMEOUT = 300;
const LAST_TIMEOUT = 30_000;
const MOST_TIMEOUTS = 15;
/** A bit more than a minute, as with libslirp. */
const MOST_SYN_TIMEOUTS = 8;
const DUPLICATES = 3;

export interface SenderOptions {
  /** The number of the SYN. */
  readonly initialSequence: number;
  readonly timers: Timers;
  readonly sendSyn: () => void;
  readonly sendData: (sequence: number, data: Uint8Array, last: boolean, fin: boolean) => void;
  /** Bytes that may be sent in one call, if that is more than a segment. */
  readonly largest: () => number;
  /** The guest does not answer. */
  readonly giveUp: () => void;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #buffer = new SendBuffer();
  #congestion = new CongestionWindow(536);
  #maximumSegment = 536;
  /** The first byte that is not acknowledged, the next to be sent, and the end of all that was ever sent. */
  #unacknowledged: number;
  #next: number;
  #end: number;
  #window = 0;
  #synchronized = false;
  #finishing = false;
  #finished = false;
  #duplicates = 0;
  /** Until the guest has acknowledged this, what was lost is sent again piece by piece. */
  #recovery: number | undefined;
  #timer: Timer | undefined;
  #timeout = FIRST_TIMEOUT;
  #timeouts = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#unacknowledged = options.initialSequence;
    this.#next = advance(options.initialSequence, 1);
    this.#end = this.#next;
  }

  /** The sequence number of a segment without data. */
  get next(): number {
    return this.#end;
  }

  /** Bytes of data in a segment at most. */
  get maximumSegment(): number {
    return this.#maximumSegment;
  }

  get buffered(): number {
    return this.#buffer.length;
  }

  /** Whether a FIN has been or will be sent. */
  get finishing(): boolean {
    return this.#finishing;
  }

  /** Whether the guest has acknowledged the FIN. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Sends the SYN, until it is acknowledged. */
  start(): void {
    this.#options.sendSyn();
    this.#arm();
  }

  /** The guest acknowledged the SYN. */
  synchronize(maximumSegment: number, window: number): void {
    this.#synchronized = true;
    this.#maximumSegment = maximumSegment;
    this.#congestion = new CongestionWindow(maximumSegment);
    this.#unacknowledged = this.#next;
    this.#window = window;
    this.#progress();
    this.output();
  }

  push(bytes: Uint8Array): void {
    this.#buffer.push(bytes);
    this.output();
  }

  /** A FIN follows the last byte. */
  finish(): void {
    this.#finishing = true;
    this.output();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /**
   * Takes an acknowledgment.
   *
   * @param window - In bytes.
   * @param pure - It came without data.
   * @returns False when it is for what was never sent.
   */
  acknowledge(acknowledgment: number, window: number, pure: boolean): boolean {
    if (distance(this.#end, acknowledgment) > 0) return false;
    const advanced = distance(this.#unacknowledged, acknowledgment);
    // An old one.
    if (advanced < 0) return true;
    const repeats = advanced === 0 && pure && window === this.#window && this.#inFlight > 0;
    this.#window = window;
    this.#timeouts = 0;
    if (advanced > 0) this.#advance(acknowledgment, advanced);
    else if (repeats) this.#duplicate();
    this.output();
    return true;
  }

  /** Sends what may be sent. */
  output(): void {
    if (!this.#synchronized || this.#finished) return;
    const limit = Math.min(this.#window, this.#congestion.bytes);
    for (;;) {
      const offset = distance(this.#unacknowledged, this.#next);
      const unsent = this.#buffer.length - offset;
      if (unsent < 0 || (unsent === 0 && !this.#finishing)) break;
      const most = Math.max(this.#maximumSegment, this.#options.largest());
      const room = Math.max(0, Math.min(unsent, most, limit - offset));
      // All but the last are whole segments.
      const length =
        room < unsent && room > this.#maximumSegment ? room - (room % this.#maximumSegment) : room;
      if (length === 0 && unsent > 0) break;
      // A small segment only where nothing is under way that will make more room.
      if (length < unsent && length < this.#maximumSegment && offset > 0) break;
      this.#send(offset, length);
    }
    if (this.#timer === undefined) this.#arm();
  }

  get #inFlight(): number {
    return distance(this.#unacknowledged, this.#end);
  }

  #send(offset: number, length: number): void {
    const last = offset + length === this.#buffer.length;
    const fin = last && this.#finishing;
    const sequence = advance(this.#unacknowledged, offset);
    const end = advance(sequence, length + (fin ? 1 : 0));
    if (distance(this.#next, end) > 0) this.#next = end;
    if (distance(this.#end, end) > 0) this.#end = end;
    this.#options.sendData(sequence, this.#buffer.read(offset, length), last, fin);
  }

  #advance(acknowledgment: number, advanced: number): void {
    if (this.#finishing && advanced > this.#buffer.length) this.#finished = true;
    this.#buffer.drop(advanced);
    this.#unacknowledged = acknowledgment;
    if (distance(this.#next, acknowledgment) > 0) this.#next = acknowledgment;
    this.#progress();
    if (this.#recovery !== undefined && distance(this.#recovery, acknowledgment) < 0) {
      this.#resendFirst();
      return;
    }
    this.#recovery = undefined;
    this.#congestion.acknowledged(advanced);
  }

  #duplicate(): void {
    this.#duplicates++;
    if (this.#duplicates !== DUPLICATES || this.#recovery !== undefined || this.#window === 0) return;
    this.#congestion.lost(this.#inFlight);
    this.#recovery = this.#end;
    this.#resendFirst();
  }

  #resendFirst(): void {
    const length = Math.min(this.#maximumSegment, this.#buffer.length, this.#window);
    if (length > 0 || this.#buffer.length === 0) this.#send(0, length);
  }

  /** The guest is there: the timer begins anew. */
  #progress(): void {
    this.#duplicates = 0;
    this.#timeout = FIRST_TIMEOUT;
    this.#timeouts = 0;
    this.stop();
  }

  #arm(): void {
    const waiting = this.#inFlight > 0 || this.#buffer.length > 0;
    if (this.#finished || !waiting) return;
    this.#timer = this.#options.timers.after(this.#timeout, () => this.#expire());
  }

  #expire(): void {
    this.#timer = undefined;
    this.#timeouts++;
    if (this.#timeouts > (this.#synchronized ? MOST_TIMEOUTS : MOST_SYN_TIMEOUTS)) {
      this.#options.giveUp();
      return;
    }
    this.#timeout = Math.min(2 * this.#timeout, LAST_TIMEOUT);
    if (!this.#synchronized) this.#options.sendSyn();
    else if (this.#window === 0 && this.#buffer.length > 0) this.#probe();
    else {
      this.#congestion.timedOut(this.#inFlight);
      this.#recovery = undefined;
      this.#duplicates = 0;
      this.#next = this.#unacknowledged;
      this.output();
    }
    if (this.#timer === undefined) this.#arm();
  }

  /** Asks the guest whether its window is still closed (RFC 9293, section 3.8.6.1). */
  #probe(): void {
    const { sendData } = this.#options;
    const end = advance(this.#unacknowledged, 1);
    if (distance(this.#end, end) > 0) this.#end = end;
    sendData(this.#unacknowledged, this.#buffer.read(0, 1), false, false);
    this.#next = this.#unacknowledged;
  }
}
