/** Messages of 9P2000.L: all numbers are little-endian, strings UTF-8 after their length. */

/** Types of requests. A reply has the next number. */
export const NinePType = {
  lerror: 6,
  statfs: 8,
  lopen: 12,
  lcreate: 14,
  symlink: 16,
  mknod: 18,
  rename: 20,
  readlink: 22,
  getattr: 24,
  setattr: 26,
  xattrwalk: 30,
  xattrcreate: 32,
  readdir: 40,
  fsync: 50,
  lock: 52,
  getlock: 54,
  link: 70,
  mkdir: 72,
  renameat: 74,
  unlinkat: 76,
  version: 100,
  auth: 102,
  attach: 104,
  flush: 108,
  walk: 110,
  read: 116,
  write: 118,
  clunk: 120,
  remove: 122,
} as const;

/** Offsets in the header. */
export const ninePHeader = { length: 0, type: 4, tag: 5, size: 7 } as const;

/** Bytes of a reply that tells an error: the room that every request must leave. */
export const ERROR_SIZE = ninePHeader.size + 4;

/** The fid that names none. */
export const NO_FID = 0xffff_ffff;

/** Names in a walk at most. */
export const WALK_LIMIT = 16;

export const QidType = { directory: 0x80, symlink: 0x02, file: 0x00 } as const;

export interface Qid {
  readonly type: number;
  readonly version: number;
  readonly path: bigint;
}

export const QID_SIZE = 13;

/** Flags of an open, by their numbers in the protocol. */
export const OpenFlag = {
  accessMode: 0x3,
  write: 0x1,
  readWrite: 0x2,
  exclusive: 0x80,
  truncate: 0x200,
} as const;

/** What a request sets. */
export const SetAttribute = {
  mode: 0x1,
  uid: 0x2,
  gid: 0x4,
  size: 0x8,
  accessTime: 0x10,
  modificationTime: 0x20,
  changeTime: 0x40,
  accessTimeSet: 0x80,
  modificationTimeSet: 0x100,
} as const;

/** What is valid in a reply about attributes: all but birth time, generation and data version. */
export const BASIC_ATTRIBUTES = 0x7ffn;

/** The flag of a removal that means a directory. */
export const REMOVE_DIRECTORY = 0x200;

export const LockStatus = { success: 0, unlocked: 2 } as const;

/** A name that begins with a byte order mark keeps it. */
const STRICT = { fatal: true, ignoreBOM: true };

/** Reads a request's fields. Beyond its end everything is zero, and {@link ok} turns false. */
export class MessageReader {
  readonly #bytes: Uint8Array;
  readonly #data: DataView;
  #at: number;
  #ok = true;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = at;
  }

  /** Whether all that was read was there and strings were UTF-8. */
  get ok(): boolean {
    return this.#ok;
  }

  u8(): number {
    const at = this.#take(1);
    return at === undefined ? 0 : this.#data.getUint8(at);
  }

  u16(): number {
    const at = this.#take(2);
    return at === undefined ? 0 : this.#data.getUint16(at, true);
  }

  u32(): number {
    const at = this.#take(4);
    return at === undefined ? 0 : this.#data.getUint32(at, true);
  }

  u64(): bigint {
    const at = this.#take(8);
    return at === undefined ? 0n : this.#data.getBigUint64(at, true);
  }

  string(): string {
    const bytes = this.bytes(this.u16());
    try {
      return new TextDecoder('utf-8', STRICT).decode(bytes);
    } catch {
      this.#ok = false;
      return '';
    }
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return at === undefined ? new Uint8Array() : this.#bytes.subarray(at, at + length);
  }

  #take(length: number): number | undefined {
    const at = this.#at;
    if (at + length > this.#bytes.length) {
      this.#ok = false;
      return undefined;
    }
    this.#at = at + length;
    return at;
  }
}

/** Builds a message's fields. */
export class MessageWriter {
  #bytes = new Uint8Array(64);
  #data = new DataView(this.#bytes.buffer);
  #length = 0;

  u8(value: number): this {
    const at = this.#grow(1);
    this.#data.setUint8(at, value);
    return this;
  }

  u16(value: number): this {
    const at = this.#grow(2);
    this.#data.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    const at = this.#grow(4);
    this.#data.setUint32(at, value, true);
    return this;
  }

  u64(value: bigint): this {
    const at = this.#grow(8);
    this.#data.setBigUint64(at, BigInt.asUintN(64, value), true);
    return this;
  }

  string(text: string): this {
    const bytes = new TextEncoder().encode(text);
    return this.u16(bytes.length).bytes(bytes);
  }

  bytes(bytes: Uint8Array): this {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  qid({ type, version, path }: Qid): this {
    return this.u8(type).u32(version).u64(path);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
      this.#data = new DataView(bytes.buffer);
    }
    return at;
  }
}

/** A whole message. */
export function makeMessage(type: number, tag: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  return new MessageWriter()
    .u32(ninePHeader.size + body.length)
    .u8(type)
    .u16(tag)
    .bytes(body)
    .finish();
}
