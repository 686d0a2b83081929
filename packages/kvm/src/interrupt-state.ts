/**
 * Pending interruptions: floating ones, which any CPU may take, and those of one CPU. They are words in host
 * storage, so that every thread can add to them; whoever runs the vCPU takes them.
 */
import type { HostStorage } from '@zarch/memory';

/** Kinds of floating interruption. */
export const Floating = { serviceSignal: 1, channelReport: 2 } as const;

const FLOATING_WORDS = 4;
const LOCAL_WORDS = 8;

/** Interruptions that float. */
export class FloatingInterrupts {
  readonly #words: Int32Array;

  constructor(host: HostStorage) {
    const at = host.allocate(FLOATING_WORDS * 4, 64);
    this.#words = new Int32Array(host.memory.buffer, at, FLOATING_WORDS);
  }

  get pending(): number {
    return Atomics.load(this.#words, 0);
  }
  get serviceParameter(): number {
    return Atomics.load(this.#words, 1) >>> 0;
  }
  /** Adds to the parameter of the service signal and makes it pending. */
  raiseServiceSignal(parameter: number): void {
    Atomics.or(this.#words, 1, parameter | 0);
    Atomics.or(this.#words, 0, Floating.serviceSignal);
  }
  /** Takes the service signal; undefined when another CPU was first. */
  takeServiceSignal(): number | undefined {
    if ((Atomics.and(this.#words, 0, ~Floating.serviceSignal) & Floating.serviceSignal) === 0)
      return undefined;
    return Atomics.exchange(this.#words, 1, 0) >>> 0;
  }
  /** Subclasses with an I/O interruption pending, as in byte 4 of control register 6. */
  get ioSubclasses(): number {
    return Atomics.load(this.#words, 2);
  }
  /** Adds subclasses to {@link ioSubclasses}. */
  addIoSubclasses(bits: number): void {
    Atomics.or(this.#words, 2, bits);
  }
  /** Leaves only these subclasses in {@link ioSubclasses}. */
  keepIoSubclasses(bits: number): void {
    Atomics.and(this.#words, 2, bits);
  }
  raiseChannelReport(): void {
    Atomics.or(this.#words, 0, Floating.channelReport);
  }
  /** Takes the channel report; false when another CPU was first. */
  takeChannelReport(): boolean {
    return (Atomics.and(this.#words, 0, ~Floating.channelReport) & Floating.channelReport) !== 0;
  }
  clear(): void {
    for (let i = 0; i < FLOATING_WORDS; i++) Atomics.store(this.#words, i, 0);
  }
}

/** The words by which a CPU is reached; what waits for it is with its CPU state, in `sigp`. */
export class LocalInterrupts {
  /** Kick, request to leave `run`. */
  readonly words: Int32Array;
  static readonly KICK = 0;

  constructor(host: HostStorage) {
    const at = host.allocate(LOCAL_WORDS * 4, 64);
    this.words = new Int32Array(host.memory.buffer, at, LOCAL_WORDS);
  }

  /** Has the CPU leave interpretive execution, or end its wait, to look at what is pending. */
  kick(): void {
    Atomics.store(this.words, LocalInterrupts.KICK, 1);
    Atomics.notify(this.words, LocalInterrupts.KICK);
  }
  acknowledgeKick(): void {
    Atomics.store(this.words, LocalInterrupts.KICK, 0);
  }
  /** Has `run` return to its caller. */
  requestExit(): void {
    Atomics.store(this.words, 1, 1);
    this.kick();
  }
  takeExitRequest(): boolean {
    return Atomics.exchange(this.words, 1, 0) !== 0;
  }
}
