/** A medium in memory. Like a real one it has a cache: what is not flushed is lost with the power. */
import type { BlockBackend, ImmediateAccess } from '../block/block-backend.ts';

export interface MemoryDiskOptions {
  readonly blockSize?: number;
  readonly readOnly?: boolean;
  readonly physicalBlockSize?: number;
  /** Requests are best done at once. Default no. */
  readonly quick?: boolean;
  /** Nobody else writes. Default no. */
  readonly exclusive?: boolean;
}

export class MemoryDisk implements BlockBackend {
  readonly blockSize: number;
  readonly readOnly: boolean;
  readonly physicalBlockSize: number;
  readonly exclusive: boolean;
  /** What reads see. */
  cache: Uint8Array;
  /** What survives a loss of power. */
  medium: Uint8Array;
  readonly calls: string[] = [];
  /** Requests that have not ended. */
  inFlight = 0;
  mostInFlight = 0;
  /** Requests that were not inside the medium, which a device must not let through. */
  outside = 0;
  /** The error of the next request. */
  failure: Error | undefined;
  /** Requests are best done at once. */
  quick: boolean;
  /** What each request waits for. Default: nothing. */
  gate: () => Promise<void> = () => Promise.resolve();

  constructor(size: number, options: MemoryDiskOptions = {}) {
    this.cache = new Uint8Array(size);
    this.medium = new Uint8Array(size);
    this.blockSize = options.blockSize ?? 512;
    this.readOnly = options.readOnly ?? false;
    this.physicalBlockSize = options.physicalBlockSize ?? this.blockSize;
    this.exclusive = options.exclusive ?? false;
    this.quick = options.quick ?? false;
  }

  get size(): number {
    return this.cache.length;
  }

  get immediate(): ImmediateAccess | undefined {
    if (!this.quick) return undefined;
    return {
      read: (offset, target) => this.#doNow('read', offset, target.length, () => this.#read(offset, target)),
      write: (offset, source) =>
        this.#doNow('write', offset, source.length, () => this.cache.set(source, offset)),
    };
  }

  read(offset: number, target: Uint8Array): Promise<void> {
    this.#check(offset, target.length);
    return this.#do(`read ${offset} ${target.length}`, () => this.#read(offset, target));
  }

  write(offset: number, source: Uint8Array): Promise<void> {
    this.#check(offset, source.length);
    return this.#do(`write ${offset} ${source.length}`, () => this.cache.set(source, offset));
  }

  flush(): Promise<void> {
    return this.#do('flush', () => this.medium.set(this.cache));
  }

  discard(offset: number, length: number): Promise<void> {
    this.#check(offset, length);
    return this.#do(`discard ${offset} ${length}`, () => this.cache.fill(0xdd, offset, offset + length));
  }

  writeZeroes(offset: number, length: number, mayUnmap: boolean): Promise<void> {
    this.#check(offset, length);
    return this.#do(`zero ${offset} ${length}${mayUnmap ? ' unmap' : ''}`, () => {
      this.cache.fill(0, offset, offset + length);
    });
  }

  #check(offset: number, length: number): void {
    const whole = offset % this.blockSize === 0 && length % this.blockSize === 0;
    if (!whole || offset + length > this.size) this.outside++;
  }

  #read(offset: number, target: Uint8Array): void {
    target.set(this.cache.subarray(offset, offset + target.length));
  }

  #doNow(kind: string, offset: number, length: number, action: () => void): void {
    this.#check(offset, length);
    this.calls.push(`${kind} ${offset} ${length} at once`);
    this.#failOnce();
    action();
  }

  #failOnce(): void {
    const failure = this.failure;
    this.failure = undefined;
    if (failure) throw failure;
  }

  async #do(call: string, action: () => void): Promise<void> {
    this.calls.push(call);
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      await this.gate();
      this.#failOnce();
      action();
    } finally {
      this.inFlight--;
    }
  }
}
