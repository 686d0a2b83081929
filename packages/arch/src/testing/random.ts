/** Numbers that look random and come again with the same seed: sfc32 by Chris Doty-Humphrey, seeded through FNV-1a. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed - Any number or text; different ones give unrelated sequences. */
  constructor(seed: number | string) {
    const text = String(seed);
    let hash = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    this.#a = hash;
    this.#b = Math.imul(hash, 0x9e3779b1);
    this.#c = ~hash;
    for (let i = 0; i < 12; i++) this.next();
  }

  /** 32 bits, unsigned. */
  next(): number {
    const result = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }
  /** A whole number from 0 on, below `limit`, which is at most 2^32. */
  below(limit: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * limit);
  }
  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }
  /** `count` bits. */
  bits(count: number): bigint {
    let value = 0n;
    for (let done = 0; done < count; done += 32) value = (value << 32n) | BigInt(this.next());
    return BigInt.asUintN(count, value);
  }
  /** Bytes, small ones and those at the ends of their range more often. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length }, () =>
      this.once(2) ? this.below(16) : this.pick([0, 0xff, this.below(256)]),
    );
  }
  /** A number of at most 32 bits, of any magnitude. */
  number(): number {
    return Math.floor(this.next() / 2 ** this.below(32));
  }
}
