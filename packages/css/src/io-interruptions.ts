/**
 * I/O interruptions that are pending (Principles of Operation, chapter 16, "I/O Interruptions"): they float, until a
 * CPU that is enabled for their subclass, or TEST PENDING INTERRUPTION, takes one.
 */
import { adapterInterruptionCode } from '@zarch/arch';

/** What has an interruption pending. */
export interface InterruptionSource {
  /** Identifies the source among all. */
  readonly id: number;
  /** The 12-byte interruption code. */
  interruptionCode(): Uint8Array;
  /** The interruption was taken. */
  interruptionTaken?(): void;
}

/**
 * A word that CPUs look at, in storage they share with this thread: the subclasses with an interruption pending,
 * subclass 0 in the leftmost of its eight rightmost bits, as in byte 4 of control register 6.
 */
export interface SubclassCell {
  load(): number;
  /** Adds bits, atomically. */
  or(bits: number): void;
  /** Keeps only these bits, atomically. @returns The bits before. */
  and(bits: number): number;
}

/** A cell for CPUs of the same thread. */
export function localCell(): SubclassCell {
  let word = 0;
  return {
    load: () => word,
    or: (bits) => {
      word |= bits;
    },
    and: (bits) => {
      const before = word;
      word &= bits;
      return before;
    },
  };
}

/** Where CPUs see what is pending. */
export interface PendingCells {
  /** Subclasses with an interruption of a subchannel pending. */
  readonly subchannels: SubclassCell;
  /** Subclasses with an adapter interruption pending, which a CPU can take by itself: it clears the bit. */
  readonly adapters: SubclassCell;
}

/** Cells for CPUs of the same thread. */
export function localCells(): PendingCells {
  return { subchannels: localCell(), adapters: localCell() };
}

export interface SavedIoInterruptions {
  /** The identifiers of the sources of each subclass, in order. */
  readonly sources: readonly (readonly number[])[];
  readonly adapters: number;
}

const SUBCLASSES = 8;

export class IoInterruptions {
  readonly #cells: PendingCells;
  readonly #onInterruption: (subclass: number) => void;
  /** For each subclass its sources, the one that waits longest first. */
  readonly #queues = Array.from({ length: SUBCLASSES }, () => new Map<number, InterruptionSource>());

  constructor(cells: PendingCells = localCells(), onInterruption: (subclass: number) => void = () => {}) {
    this.#cells = cells;
    this.#onInterruption = onInterruption;
  }

  /** Subclasses with an interruption pending, as in {@link SubclassCell}. */
  get pendingSubclasses(): number {
    return this.#cells.subchannels.load() | this.#cells.adapters.load();
  }

  /** Makes an interruption pending; one that already is stays where it is. */
  add(subclass: number, source: InterruptionSource): void {
    const queue = this.#queue(subclass);
    if (queue.has(source.id)) return;
    queue.set(source.id, source);
    this.#cells.subchannels.or(subclassBit(subclass));
    this.#onInterruption(subclass);
  }

  /** Makes an adapter interruption pending. */
  addAdapter(subclass: number): void {
    this.#queue(subclass);
    this.#cells.adapters.or(subclassBit(subclass));
    this.#onInterruption(subclass);
  }

  /** Withdraws an interruption, if it is pending. */
  remove(subclass: number, source: InterruptionSource): void {
    const queue = this.#queue(subclass);
    if (queue.delete(source.id) && queue.size === 0) this.#cells.subchannels.and(~subclassBit(subclass));
  }

  /**
   * Takes the interruption of highest priority: of the lowest subclass among those enabled, the oldest of a
   * subchannel, or else that of adapters.
   *
   * @param subclasses - The subclasses enabled: byte 4 of control register 6.
   * @returns The 12-byte interruption code.
   */
  take(subclasses: number): Uint8Array | undefined {
    for (let subclass = 0; subclass < SUBCLASSES; subclass++) {
      const bit = subclassBit(subclass);
      if ((subclasses & bit) === 0) continue;
      const [source] = this.#queue(subclass).values();
      if (source === undefined) {
        if ((this.#cells.adapters.and(~bit) & bit) !== 0) return adapterInterruptionCode(subclass);
        continue;
      }
      this.remove(subclass, source);
      const code = source.interruptionCode();
      source.interruptionTaken?.();
      return code;
    }
    return undefined;
  }

  clear(): void {
    for (const queue of this.#queues) queue.clear();
    this.#cells.subchannels.and(0);
    this.#cells.adapters.and(0);
  }

  save(): SavedIoInterruptions {
    const sources = this.#queues.map((queue) => [...queue.keys()]);
    return { sources, adapters: this.#cells.adapters.load() };
  }

  /** @param source - Finds what saved an identifier; one that is not there any more has nothing pending. */
  restore(saved: SavedIoInterruptions, source: (id: number) => InterruptionSource | undefined): void {
    this.clear();
    for (let subclass = 0; subclass < SUBCLASSES; subclass++) {
      if ((saved.adapters & subclassBit(subclass)) !== 0) this.addAdapter(subclass);
    }
    saved.sources.forEach((ids, subclass) => {
      for (const id of ids) {
        const found = source(id);
        if (found !== undefined) this.add(subclass, found);
      }
    });
  }

  #queue(subclass: number): Map<number, InterruptionSource> {
    const queue = this.#queues[subclass];
    if (queue === undefined) throw new RangeError(`there is no interruption subclass ${subclass}`);
    return queue;
  }
}

/** The bit of a subclass in a subclass mask. */
export function subclassBit(subclass: number): number {
  return 0x80 >> subclass;
}
