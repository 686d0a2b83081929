/** One end of a TCP connection in a guest that is a test: it obeys windows, and loses frames as the test wants. */
import type { Endpoint } from '../address.ts';
import { TcpFlag, type TcpSegment } from '../tcp/segment.ts';
import { advance, distance } from '../tcp/sequence.ts';

const NO_DATA = new Uint8Array(0);
const WINDOW_SHIFT = 2;

export interface GuestTcpOptions {
  readonly initialSequence?: number;
  readonly maximumSegment?: number | undefined;
  /** Undefined for a guest without scaled windows. */
  readonly windowShift?: number | undefined;
  /** Bytes that it takes before a test reads them. */
  readonly buffer?: number;
}

export class GuestTcp {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly segments: TcpSegment[] = [];
  readonly received: Uint8Array[] = [];
  established = false;
  wasReset = false;
  /** The network's end has sent its FIN. */
  peerEnded = false;
  /** Whether bytes are read as they come. */
  reading = true;
  /** The next sequence number to send, and the first that is not acknowledged. */
  next: number;
  acknowledged: number;
  expected = 0;
  readonly #options: GuestTcpOptions;
  readonly #send: (segment: TcpSegment) => void;
  readonly #queue: Uint8Array[] = [];
  #queued = 0;
  #window = 0;
  #shift = 0;
  #peerSegment = 536;
  #unread = 0;
  #ending = false;

  constructor(
    local: Endpoint,
    remote: Endpoint,
    send: (segment: TcpSegment) => void,
    options: GuestTcpOptions,
  ) {
    this.local = local;
    this.remote = remote;
    this.#send = send;
    this.#options = { maximumSegment: 1460, windowShift: WINDOW_SHIFT, buffer: 65536, ...options };
    this.next = options.initialSequence ?? 0x1000;
    this.acknowledged = this.next;
  }

  get bytes(): Uint8Array {
    const bytes = new Uint8Array(this.received.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const chunk of this.received) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  /** Bytes that wait for the network's window. */
  get unsent(): number {
    return this.#queued;
  }

  connect(): void {
    this.#sendSyn(0);
  }

  write(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    this.#flush();
  }

  end(): void {
    this.#ending = true;
    this.#flush();
  }

  reset(): void {
    this.raw({ flags: TcpFlag.rst | TcpFlag.ack });
  }

  /** Reads what it holds, and says so. */
  read(): void {
    this.#unread = 0;
    this.raw({});
  }

  /** Has the network say again what it has taken, as when its last acknowledgment may be lost. */
  probe(): void {
    if (this.established) this.raw({ sequence: advance(this.next, -1) });
  }

  /** A segment with these fields different from what is due. */
  raw(fields: Partial<TcpSegment>): void {
    this.#send({
      sequence: this.next,
      acknowledgment: this.expected,
      flags: TcpFlag.ack,
      window: this.#windowField(this.established ? (this.#options.windowShift ?? 0) : 0),
      data: NO_DATA,
      ...fields,
    });
  }

  receive(segment: TcpSegment): void {
    this.segments.push(segment);
    const { flags, sequence, acknowledgment, window, data } = segment;
    if ((flags & TcpFlag.rst) !== 0) {
      this.wasReset = true;
      return;
    }
    if ((flags & TcpFlag.syn) !== 0) {
      this.#receiveSyn(segment);
      return;
    }
    if (distance(this.acknowledged, acknowledgment) > 0) this.acknowledged = acknowledgment;
    this.#window = window << this.#shift;
    if (!this.established && acknowledgment === this.next) this.established = true;
    const fin = (flags & TcpFlag.fin) !== 0;
    if (sequence === this.expected) this.#take(data, fin);
    if (data.length > 0 || fin) this.raw({});
    this.#flush();
  }

  #take(data: Uint8Array, fin: boolean): void {
    const room = (this.#options.buffer ?? 0) - this.#unread;
    const taken = data.subarray(0, room);
    this.expected = advance(this.expected, taken.length);
    if (taken.length > 0) this.received.push(taken.slice());
    if (!this.reading) this.#unread += taken.length;
    if (!fin || taken.length < data.length) return;
    this.expected = advance(this.expected, 1);
    this.peerEnded = true;
  }

  #receiveSyn({ flags, sequence, window, maximumSegment, windowShift, acknowledgment }: TcpSegment): void {
    this.expected = advance(sequence, 1);
    this.#window = window;
    this.#peerSegment = maximumSegment ?? 536;
    const scaled = windowShift !== undefined && this.#options.windowShift !== undefined;
    this.#shift = scaled ? windowShift : 0;
    if ((flags & TcpFlag.ack) === 0) {
      this.#sendSyn(TcpFlag.ack);
      return;
    }
    this.established = true;
    this.acknowledged = acknowledgment;
    this.raw({});
    this.#flush();
  }

  #sendSyn(flags: number): void {
    const { windowShift, maximumSegment } = this.#options;
    const sequence = this.acknowledged;
    this.next = advance(sequence, 1);
    const acknowledgment = flags === 0 ? 0 : this.expected;
    this.raw({ sequence, acknowledgment, flags: TcpFlag.syn | flags, maximumSegment, windowShift });
  }

  #flush(): void {
    if (!this.established) return;
    for (;;) {
      const free = this.#window - distance(this.acknowledged, this.next);
      const first = this.#queue[0];
      const length = Math.min(first?.length ?? 0, free, this.#peerSegment);
      if (!first || length <= 0) break;
      this.raw({ data: first.subarray(0, length), flags: TcpFlag.ack | TcpFlag.psh });
      this.next = advance(this.next, length);
      this.#queued -= length;
      if (length < first.length) this.#queue[0] = first.subarray(length);
      else this.#queue.shift();
    }
    if (!this.#ending || this.#queue.length > 0) return;
    this.#ending = false;
    this.raw({ flags: TcpFlag.ack | TcpFlag.fin });
    this.next = advance(this.next, 1);
  }

  #windowField(shift: number): number {
    return Math.min(0xffff, ((this.#options.buffer ?? 0) - this.#unread) >> shift);
  }
}
