/**
 * Pending interruptions: floating ones, which any CPU may take, and those of one CPU. They are words in host
 * storage, so that every thread can add to them; whoever runs the vCPU takes them.
 */
import type { HostStorage } from '@zarch/memory';

/** Kinds of floating interruption. */
export const Floating = { serviceSignal: 1, channelReport: 2 } as const;

const FLOATING_WORDS = 4;
const LOCAL_WORDS = 8;

/** A word whose bits are I/O-interruption subclasses, as in byte 4 of control register 6. */
export interface SubclassWord {
  load(): number;
  /** Adds bits. */
  or(bits: number): void;
  /** Leaves only these bits, and gives those before. */
  and(bits: number): number;
}

/** Interruptions that float. */
export class FloatingInterrupts {
  readonly #words: Int32Array;
  readonly ioCell: SubclassWord;
  readonly adapterCell: SubclassWord;

  constructor(host: HostStorage) {
    const at = host.allocate(FLOATING_WORDS * 4, 64);
    this.#words = new Int32Array(host.memory.buffer, at, FLOATING_WORDS);
    this.ioCell = subclassWord(this.#words, 2);
    this.adapterCell = subclassWord(this.#words, 3);
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
  /** Subclasses with an interruption of a subchannel pending: only the channel subsystem knows which. */
  get ioSubclasses(): number {
    return this.ioCell.load();
  }
  /** Subclasses with an adapter interruption pending. */
  get adapterSubclasses(): number {
    return this.adapterCell.load();
  }
  /** Takes the adapter interruption of a subclass, given by its bit; false when another CPU was first. */
  takeAdapter(bit: number): boolean {
    return (this.adapterCell.and(~bit) & bit) !== 0;
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

function subclassWord(words: Int32Array, index: number): SubclassWord {
  return {
    load: () => Atomics.load(words, index),
    or: (bits) => {
      Atomics.or(words, index, bits);
    },
    and: (bits) => Atomics.and(words, index, bits),
  };
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
