/**
 * The states of all CPUs in shared memory, with the orders and signals that wait for each (Principles of Operation,
 * chapter 4, "CPU Signaling and Response").
 *
 * Threads change a record with atomic operations alone. At most one order waits for a CPU: until it is completed
 * others find the CPU busy, except that a reset replaces an order that is no reset.
 */
import { CpuState, type Payload, SigpOrder } from '@zarch/arch';

/** Words of a record; the bits for emergency signals follow, one for each CPU that can send them. */
const word = {
  state: 0,
  accessPath: 1,
  order: 2,
  parameterHigh: 3,
  parameterLow: 4,
  externalCall: 5,
  running: 6,
};
const FIXED_WORDS = 8;
/** Distinguishes an external call of CPU 0 from none. */
const CALL_PENDING = 0x1_0000;
const VERSION = 1;

/** An order that waits for its CPU to carry it out. */
export interface PendingOrder {
  /** A {@link SigpOrder} other than those that need nothing of the CPU. */
  readonly order: number;
  /** The absolute address that came with it; 0 for orders without one. */
  readonly address: bigint;
}

interface SavedCpu {
  readonly state: CpuState;
  readonly pending: PendingOrder | undefined;
  readonly externalCall: number | undefined;
  readonly emergencySignals: readonly number[];
}

export class CpuStates {
  readonly name = 'sigp-cpu-states';
  /** CPU addresses are less than this. */
  readonly cpus: number;
  readonly #words: Int32Array;
  readonly #recordWords: number;

  /**
   * @param buffer - Zero where the records are, when the first thread makes them: no CPU is operational.
   * @param offset - Of the records, a multiple of 4.
   * @param cpus - The same in every thread.
   */
  constructor(buffer: ArrayBuffer | SharedArrayBuffer, offset: number, cpus: number) {
    this.cpus = cpus;
    this.#recordWords = recordWords(cpus);
    this.#words = new Int32Array(buffer, offset, cpus * this.#recordWords);
  }

  /** Bytes that the records of so many CPUs take. */
  static size(cpus: number): number {
    return cpus * recordWords(cpus) * Int32Array.BYTES_PER_ELEMENT;
  }

  /** The state of a CPU; not operational for addresses that no CPU has. */
  state(cpu: number): CpuState {
    return cpu < this.cpus ? (this.#load(cpu, word.state) as CpuState) : CpuState.notOperational;
  }

  setState(cpu: number, state: CpuState): void {
    Atomics.store(this.#words, this.#at(cpu, word.state), state);
  }

  /** Changes a state if it is still `from`. */
  changeState(cpu: number, from: CpuState, to: CpuState): boolean {
    return Atomics.compareExchange(this.#words, this.#at(cpu, word.state), from, to) === from;
  }

  /** Whether the CPU executes instructions on a host CPU right now (sense running status). */
  running(cpu: number): boolean {
    return this.#load(cpu, word.running) !== 0;
  }

  setRunning(cpu: number, running: boolean): void {
    Atomics.store(this.#words, this.#at(cpu, word.running), running ? 1 : 0);
  }

  /** What waits for the CPU to carry it out. The CPU calls {@link completeOrder} once it has. */
  pendingOrder(cpu: number): PendingOrder | undefined {
    const order = this.#load(cpu, word.order);
    if (order === 0) return undefined;
    const halves = [this.#load(cpu, word.parameterHigh), this.#load(cpu, word.parameterLow)] as const;
    return { order, address: (BigInt(halves[0] >>> 0) << 32n) | BigInt(halves[1] >>> 0) };
  }

  /** Leaves an order for the CPU. Only the holder of the access path may call this. */
  postOrder(cpu: number, order: number, address = 0n): void {
    Atomics.store(this.#words, this.#at(cpu, word.parameterHigh), Number(address >> 32n) | 0);
    Atomics.store(this.#words, this.#at(cpu, word.parameterLow), Number(address & 0xffff_ffffn) | 0);
    Atomics.store(this.#words, this.#at(cpu, word.order), order);
  }

  /**
   * Ends an order that the CPU has carried out, with the state it leaves the CPU in. Resets clear the external
   * call and the emergency signals.
   */
  completeOrder(cpu: number, order: number): void {
    switch (order) {
      case SigpOrder.initialCpuReset:
      case SigpOrder.cpuReset:
        this.#clearSignals(cpu);
        this.setState(cpu, CpuState.stopped);
        break;
      case SigpOrder.stop:
      case SigpOrder.stopAndStoreStatus:
        this.setState(cpu, CpuState.stopped);
        break;
      case SigpOrder.restart:
        this.setState(cpu, CpuState.operating);
        break;
    }
    // A reset that came meanwhile stays.
    Atomics.compareExchange(this.#words, this.#at(cpu, word.order), order, 0);
  }

  /** Reserves the access path to a CPU, so that one order at a time is looked at; false when it is in use. */
  enterAccessPath(cpu: number): boolean {
    return Atomics.compareExchange(this.#words, this.#at(cpu, word.accessPath), 0, 1) === 0;
  }

  leaveAccessPath(cpu: number): void {
    Atomics.store(this.#words, this.#at(cpu, word.accessPath), 0);
  }

  /** The CPU whose external call waits. */
  externalCall(cpu: number): number | undefined {
    const call = this.#load(cpu, word.externalCall);
    return call === 0 ? undefined : call & (CALL_PENDING - 1);
  }

  /** Makes an external call pending; false when one is already. */
  postExternalCall(cpu: number, source: number): boolean {
    const at = this.#at(cpu, word.externalCall);
    return Atomics.compareExchange(this.#words, at, 0, CALL_PENDING | source) === 0;
  }

  /** Takes the external call, as its interruption does. */
  takeExternalCall(cpu: number): number | undefined {
    const call = Atomics.exchange(this.#words, this.#at(cpu, word.externalCall), 0);
    return call === 0 ? undefined : call & (CALL_PENDING - 1);
  }

  /** The CPU of lowest address whose emergency signal waits. */
  emergencySignal(cpu: number): number | undefined {
    for (let source = 0; source < this.cpus; source += 32) {
      const bits = this.#load(cpu, FIXED_WORDS + (source >> 5));
      if (bits !== 0) return source + 31 - Math.clz32(bits & -bits);
    }
    return undefined;
  }

  postEmergencySignal(cpu: number, source: number): void {
    Atomics.or(this.#words, this.#at(cpu, FIXED_WORDS + (source >> 5)), 1 << (source & 31));
  }

  /** Takes the emergency signal of one CPU, as its interruption does; undefined when none waits. */
  takeEmergencySignal(cpu: number): number | undefined {
    const source = this.emergencySignal(cpu);
    if (source === undefined) return undefined;
    Atomics.and(this.#words, this.#at(cpu, FIXED_WORDS + (source >> 5)), ~(1 << (source & 31)));
    return source;
  }

  /** Clears what waits for a CPU and stops it, as a reset of the configuration does. No CPU may be running. */
  reset(cpu: number): void {
    this.#clearSignals(cpu);
    Atomics.store(this.#words, this.#at(cpu, word.order), 0);
    this.setState(cpu, CpuState.stopped);
  }

  /** No CPU may be running. */
  save(): Payload {
    const data: SavedCpu[] = Array.from({ length: this.cpus }, (_, cpu) => ({
      state: this.state(cpu),
      pending: this.pendingOrder(cpu),
      externalCall: this.externalCall(cpu),
      emergencySignals: Array.from({ length: this.cpus }, (_, source) => source).filter(
        (source) => (this.#load(cpu, FIXED_WORDS + (source >> 5)) & (1 << (source & 31))) !== 0,
      ),
    }));
    return { name: this.name, version: VERSION, data };
  }

  /**
   * No CPU may be running.
   *
   * @throws {RangeError} When another kind of object, an unknown version, or one with other CPUs saved the state.
   */
  restore(state: Payload): void {
    const saved = state.data as readonly SavedCpu[];
    if (state.name !== this.name || state.version !== VERSION || saved.length !== this.cpus) {
      throw new RangeError(
        `${this.name} of ${this.cpus} CPUs cannot restore version ${state.version} of ${state.name}`,
      );
    }
    this.#words.fill(0);
    saved.forEach((cpu, address) => {
      this.setState(address, cpu.state);
      if (cpu.pending !== undefined) this.postOrder(address, cpu.pending.order, cpu.pending.address);
      if (cpu.externalCall !== undefined) this.postExternalCall(address, cpu.externalCall);
      for (const source of cpu.emergencySignals) this.postEmergencySignal(address, source);
    });
  }

  #clearSignals(cpu: number): void {
    Atomics.store(this.#words, this.#at(cpu, word.externalCall), 0);
    for (let at = FIXED_WORDS; at < this.#recordWords; at++) Atomics.store(this.#words, this.#at(cpu, at), 0);
  }

  #load(cpu: number, index: number): number {
    return Atomics.load(this.#words, this.#at(cpu, index));
  }

  #at(cpu: number, index: number): number {
    if (cpu < 0 || cpu >= this.cpus) throw new RangeError(`CPU ${cpu} of ${this.cpus}`);
    return cpu * this.#recordWords + index;
  }
}

function recordWords(cpus: number): number {
  return FIXED_WORDS + Math.ceil(cpus / 32);
}
