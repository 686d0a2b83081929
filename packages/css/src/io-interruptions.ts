/**
 * I/O interruptions that are pending (Principles of Operation, chapter 16, "I/O Interruptions"): they float, until a
 * CPU that is enabled for their subclass, or TEST PENDING INTERRUPTION, takes one.
 */

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
  /** Keeps only these bits, atomically. */
  and(bits: number): void;
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
      word &= bits;
    },
  };
}

const SUBCLASSES = 8;

export class IoInterruptions {
  readonly #cell: SubclassCell;
  readonly #onInterruption: (subclass: number) => void;
  /** For each subclass its sources, the one that waits longest first. */
  readonly #queues = Array.from({ length: SUBCLASSES }, () => new Map<number, InterruptionSource>());

  constructor(cell: SubclassCell = localCell(), onInterruption: (subclass: number) => void = () => {}) {
    this.#cell = cell;
    this.#onInterruption = onInterruption;
  }

  /** Subclasses with an interruption pending, as in {@link SubclassCell}. */
  get pendingSubclasses(): number {
    return this.#cell.load();
  }

  /** Makes an interruption pending; one that already is stays where it is. */
  add(subclass: number, source: InterruptionSource): void {
    const queue = this.#queue(subclass);
    if (queue.has(source.id)) return;
    queue.set(source.id, source);
    this.#cell.or(subclassBit(subclass));
    this.#onInterruption(subclass);
  }

  /** Withdraws an interruption, if it is pending. */
  remove(subclass: number, source: InterruptionSource): void {
    const queue = this.#queue(subclass);
    if (queue.delete(source.id) && queue.size === 0) this.#cell.and(~subclassBit(subclass));
  }

  /**
   * Takes the interruption of highest priority: of the lowest subclass among those enabled, the oldest.
   *
   * @param subclasses - The subclasses enabled: byte 4 of control register 6.
   * @returns The 12-byte interruption code.
   */
  take(subclasses: number): Uint8Array | undefined {
    for (let subclass = 0; subclass < SUBCLASSES; subclass++) {
      if ((subclasses & subclassBit(subclass)) === 0) continue;
      const [source] = this.#queue(subclass).values();
      if (source === undefined) continue;
      this.remove(subclass, source);
      const code = source.interruptionCode();
      source.interruptionTaken?.();
      return code;
    }
    return undefined;
  }

  clear(): void {
    for (const queue of this.#queues) queue.clear();
    this.#cell.and(0);
  }

  /** The identifiers of the sources of each subclass, in order. */
  save(): readonly (readonly number[])[] {
    return this.#queues.map((queue) => [...queue.keys()]);
  }

  /** @param source - Finds what saved an identifier; one that is not there any more has nothing pending. */
  restore(
    saved: readonly (readonly number[])[],
    source: (id: number) => InterruptionSource | undefined,
  ): void {
    this.clear();
    saved.forEach((ids, subclass) => {
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
