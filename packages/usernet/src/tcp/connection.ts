/**
 * A TCP connection of the guest with a stream of the host: the state machine of RFC 9293, section 3.3.2, in which the
 * host's stream is the user.
 */
import type { HostFailure, HostStream, HostStreamEvents, Timer, Timers } from '../host.ts';
import { RECEIVE_SHIFT, Receiver } from './receiver.ts';
import { resetFor, TcpFlag, type TcpSegment } from './segment.ts';
import { Sender } from './sender.ts';
import { distance } from './sequence.ts';

/** Bytes of the host that wait for the guest, beyond which the host's stream pauses. */
export const SEND_BUFFER = 256 * 1024;
/** Twice what a segment lives on this link; RFC 9293 thinks of the Internet. */
const TIME_WAIT = 10_000;
/** What is sent to who does not say what it takes (RFC 9293, section 3.7.1). */
const DEFAULT_SEGMENT = { 4: 536, 6: 1220 } as const;
const LEAST_SEGMENT = 88;
const NO_DATA = new Uint8Array(0);

export type TcpState =
  /** The guest has sent a SYN, and the host does not know yet. */
  | 'connecting'
  | 'syn-sent'
  | 'syn-received'
  | 'established'
  | 'fin-wait-1'
  | 'fin-wait-2'
  | 'close-wait'
  | 'closing'
  | 'last-ack'
  | 'time-wait'
  | 'closed';

export interface TcpConnectionOptions {
  readonly family: 4 | 6;
  readonly timers: Timers;
  readonly initialSequence: number;
  /** Bytes of data that fit into a packet. */
  readonly maximumSegment: number;
  /** @param largest - Bytes of data in a packet: a segment with more of them is a large one. */
  readonly send: (segment: TcpSegment, largest?: number) => void;
  /** Bytes of data in a large segment, or 0 where the guest takes none. */
  readonly largest: () => number;
  /** The last event: nothing more is sent. */
  readonly onClosed: () => void;
  /** The guest's SYN cannot be answered, since its destination cannot be reached. */
  readonly onUnreachable: () => void;
}

export class TcpConnection {
  readonly #options: TcpConnectionOptions;
  readonly #sender: Sender;
  #receiver: Receiver | undefined;
  #stream: HostStream | undefined;
  #streamClosed = false;
  #paused = false;
  #state: TcpState;
  /** What the SYN of the guest said. */
  #syn: TcpSegment | undefined;
  #guestShift = 0;
  #timer: Timer | undefined;

  private constructor(options: TcpConnectionOptions, state: TcpState) {
    this.#options = options;
    this.#state = state;
    this.#sender = new Sender({
      initialSequence: options.initialSequence,
      timers: options.timers,
      sendSyn: () => this.#sendSyn(),
      sendData: (sequence, data, last, fin) => {
        const flags = (last && data.length > 0 ? TcpFlag.psh : 0) | (fin ? TcpFlag.fin : 0);
        this.#sendData(sequence, flags, data);
      },
      largest: options.largest,
      giveUp: () => this.#abort(),
    });
  }

  /** The guest connects: the SYN waits until the host's stream connects. */
  static fromGuest(options: TcpConnectionOptions, syn: TcpSegment): TcpConnection {
    const connection = new TcpConnection(options, 'connecting');
    connection.#takeSyn(syn);
    return connection;
  }

  /** A stream of the host was accepted, and the guest is to accept it too. */
  static fromHost(options: TcpConnectionOptions, stream: HostStream): TcpConnection {
    const connection = new TcpConnection(options, 'syn-sent');
    connection.#stream = stream;
    connection.#paused = true;
    stream.pause();
    return connection;
  }

  get state(): TcpState {
    return this.#state;
  }

  /** Begins the handshake that the host wants. */
  start(): void {
    this.#sender.start();
  }

  /** Gives a connection of the guest its stream. */
  attach(stream: HostStream): void {
    this.#stream = stream;
  }

  /** Whether a SYN opens a new connection in place of this one (RFC 9293, section 3.10.7.4). */
  isReplacedBy({ flags, sequence }: TcpSegment): boolean {
    const opens = (flags & (TcpFlag.syn | TcpFlag.ack | TcpFlag.rst)) === TcpFlag.syn;
    return opens && this.#state === 'time-wait' && distance(this.#receiver?.next ?? 0, sequence) >= 0;
  }

  /** What becomes of the host's stream. */
  readonly events: HostStreamEvents = {
    onConnect: () => {
      if (this.#state !== 'connecting') return;
      this.#state = 'syn-received';
      this.#sender.start();
    },
    onData: (bytes) => {
      if (this.#state === 'closed') return;
      this.#sender.push(bytes);
      this.#balance();
    },
    onWritten: (count) => {
      if (this.#receiver?.written(count) && this.#isSynchronized) this.#acknowledge();
    },
    onEnd: () => this.#finish(),
    onClose: (failure) => {
      this.#streamClosed = true;
      if (this.#state === 'connecting') this.#refuse(failure);
      else if (failure) this.#abort();
      else this.#finish();
    },
  };

  /** Takes a segment of the guest. */
  receive(segment: TcpSegment): void {
    switch (this.#state) {
      case 'connecting':
        if ((segment.flags & TcpFlag.rst) !== 0) this.#close(true);
        return;
      case 'syn-sent':
        this.#receiveInSynSent(segment);
        return;
      case 'closed':
        return;
      default:
        this.#receiveSynchronized(segment);
    }
  }

  /** Breaks it off on both sides. */
  #abort(): void {
    if (this.#state === 'closed') return;
    if (this.#receiver) this.#sendData(this.#sender.next, TcpFlag.rst, NO_DATA);
    this.#close(true);
  }

  /** Ends it without a word to the guest, for the network that ends with it. */
  destroy(): void {
    this.#close(true);
  }

  #refuse(failure: HostFailure | undefined): void {
    const syn = this.#syn;
    const reset = syn && resetFor(syn);
    if (failure === 'unreachable') this.#options.onUnreachable();
    else if (reset) this.#options.send(reset);
    this.#close(true);
  }

  #receiveInSynSent(segment: TcpSegment): void {
    const { flags, acknowledgment } = segment;
    const acknowledges = (flags & TcpFlag.ack) !== 0;
    if (acknowledges && acknowledgment !== this.#sender.next) {
      const reset = resetFor(segment);
      if (reset) this.#options.send(reset);
      return;
    }
    if ((flags & TcpFlag.rst) !== 0) {
      if (acknowledges) this.#close(true);
      return;
    }
    if ((flags & TcpFlag.syn) === 0) return;
    this.#takeSyn(segment);
    if (acknowledges) {
      this.#establish(segment.window);
      this.#acknowledge();
    } else {
      this.#state = 'syn-received';
      this.#sendSyn();
    }
  }

  #receiveSynchronized(segment: TcpSegment): void {
    const receiver = this.#receiver;
    if (!receiver) return;
    const { flags } = segment;
    const has = (flag: number) => (flags & flag) !== 0;
    if (has(TcpFlag.rst)) {
      // Blind resets are answered, as RFC 5961 has it.
      if (segment.sequence === receiver.next) this.#close(true);
      else if (receiver.admits(segment)) this.#acknowledge();
      return;
    }
    if (has(TcpFlag.syn)) {
      const completes = has(TcpFlag.ack) && segment.acknowledgment === this.#sender.next;
      if (this.#state !== 'syn-received') this.#acknowledge();
      else if (!completes) this.#sendSyn();
      // Both sides have opened at once.
      else if (this.#takeAcknowledgment(segment)) this.#acknowledge();
      return;
    }
    const admitted = receiver.admits(segment);
    if (!admitted) this.#acknowledge();
    if (!has(TcpFlag.ack) || !this.#takeAcknowledgment(segment)) return;
    if (!admitted || this.#isClosed) return;
    this.#takeData(receiver, segment);
  }

  /** @returns False when the segment is to be forgotten. */
  #takeAcknowledgment(segment: TcpSegment): boolean {
    const { acknowledgment, data, flags } = segment;
    const window = segment.window << (flags & TcpFlag.syn ? 0 : this.#guestShift);
    if (this.#state === 'syn-received') {
      if (acknowledgment !== this.#sender.next) {
        const reset = resetFor(segment);
        if (reset) this.#options.send(reset);
        return false;
      }
      this.#establish(window);
    }
    const pure = data.length === 0 && (flags & TcpFlag.fin) === 0;
    if (!this.#sender.acknowledge(acknowledgment, window, pure)) {
      this.#acknowledge();
      return false;
    }
    this.#balance();
    if (this.#sender.finished) this.#finAcknowledged();
    return true;
  }

  #finAcknowledged(): void {
    if (this.#state === 'fin-wait-1') this.#state = 'fin-wait-2';
    else if (this.#state === 'closing') this.#wait();
    else if (this.#state === 'last-ack') this.#close(false);
  }

  #takeData(receiver: Receiver, segment: TcpSegment): void {
    const carries = segment.data.length > 0 || (segment.flags & TcpFlag.fin) !== 0;
    if (!carries) return;
    if (!this.#receives) {
      this.#acknowledge();
      return;
    }
    const { data, fin } = receiver.accept(segment);
    if (data.length > 0) {
      // The host's half of it is gone: nobody takes this any more.
      if (this.#streamClosed) {
        this.#abort();
        return;
      }
      this.#stream?.write(data);
    }
    if (!fin) return;
    this.#stream?.end();
    if (this.#state === 'established') this.#state = 'close-wait';
    else if (this.#state === 'fin-wait-1') this.#state = 'closing';
    else this.#wait();
  }

  /** Whether the guest may still send data. */
  get #receives(): boolean {
    return this.#state === 'established' || this.#state === 'fin-wait-1' || this.#state === 'fin-wait-2';
  }

  get #isClosed(): boolean {
    return this.#state === 'closed';
  }

  get #isSynchronized(): boolean {
    return this.#receives || this.#state === 'close-wait';
  }

  #takeSyn(syn: TcpSegment): void {
    const { timers, family, maximumSegment } = this.#options;
    this.#syn = syn;
    this.#guestShift = syn.windowShift ?? 0;
    this.#receiver = new Receiver(syn.sequence, {
      timers,
      maximumSegment: Math.max(
        LEAST_SEGMENT,
        Math.min(maximumSegment, syn.maximumSegment ?? DEFAULT_SEGMENT[family]),
      ),
      scaled: syn.windowShift !== undefined,
      acknowledge: () => this.#acknowledge(),
    });
  }

  #establish(window: number): void {
    const { family, maximumSegment } = this.#options;
    const theirs = Math.max(LEAST_SEGMENT, this.#syn?.maximumSegment ?? DEFAULT_SEGMENT[family]);
    this.#state = 'established';
    this.#sender.synchronize(Math.min(maximumSegment, theirs), window);
    if (this.#sender.finishing) this.#state = 'fin-wait-1';
    this.#balance();
  }

  /** The host's peer has sent everything: a FIN follows it. */
  #finish(): void {
    if (this.#state === 'established') this.#state = 'fin-wait-1';
    else if (this.#state === 'close-wait') this.#state = 'last-ack';
    else if (this.#state !== 'syn-sent' && this.#state !== 'syn-received') return;
    this.#sender.finish();
  }

  /** Lets the host's stream flow while there is room. */
  #balance(): void {
    if (this.#isClosed) return;
    const full = this.#paused ? SEND_BUFFER / 2 : SEND_BUFFER;
    const established = this.#state !== 'syn-sent' && this.#state !== 'syn-received';
    const pause = !established || this.#sender.buffered >= full;
    if (pause === this.#paused) return;
    this.#paused = pause;
    if (pause) this.#stream?.pause();
    else this.#stream?.resume();
  }

  #wait(): void {
    this.#state = 'time-wait';
    this.#timer?.cancel();
    this.#timer = this.#options.timers.after(TIME_WAIT, () => this.#close(false));
  }

  #close(breaks: boolean): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#sender.stop();
    this.#receiver?.stop();
    this.#timer?.cancel();
    if (breaks && !this.#streamClosed) this.#stream?.reset();
    this.#options.onClosed();
  }

  #acknowledge(): void {
    this.#sendData(this.#sender.next, 0, NO_DATA);
  }

  #sendSyn(): void {
    const receiver = this.#receiver;
    const { send, initialSequence, maximumSegment } = this.#options;
    // Windows are scaled when both sides say so.
    const scaled = this.#syn === undefined || this.#syn.windowShift !== undefined;
    send({
      sequence: initialSequence,
      acknowledgment: receiver?.next ?? 0,
      flags: TcpFlag.syn | (receiver ? TcpFlag.ack : 0),
      window: receiver?.announce(true) ?? 0xffff,
      maximumSegment,
      windowShift: scaled ? RECEIVE_SHIFT : undefined,
      data: NO_DATA,
    });
  }

  #sendData(sequence: number, flags: number, data: Uint8Array): void {
    const receiver = this.#receiver;
    if (!receiver) return;
    const segment = {
      sequence,
      acknowledgment: receiver.next,
      flags: flags | TcpFlag.ack,
      window: receiver.announce(false),
      data,
    };
    this.#options.send(segment, this.#sender.maximumSegment);
  }
}
