/** Builds channel programs, address lists and operation-request blocks in storage, as a guest's driver does. */
import { ccw0, ccw1, idaw, midaw, OrbControl, OrbControl1, orb } from '@zarch/arch';
import type { FakeStorage } from './fake-storage.ts';

export interface CcwFields {
  readonly command: number;
  readonly flags?: number;
  readonly count?: number;
  readonly address?: number;
}

export interface MidawFields {
  readonly flags?: number;
  readonly count: number;
  readonly address: number | bigint;
}

export interface OrbFields {
  readonly parameter?: number;
  readonly key?: number;
  /** Bits of `OrbControl` beside the format and the key. */
  readonly control?: number;
  readonly pathMask?: number;
  /** Bits of `OrbControl1`. Default: incorrect length is suppressed for immediate operations. */
  readonly control1?: number;
  readonly programAddress?: number;
}

export class ChannelProgramBuilder {
  readonly format: 0 | 1;
  /** Where the program begins. */
  readonly start: number;
  readonly #storage: FakeStorage;
  #next: number;

  constructor(storage: FakeStorage, start = 0x1000, format: 0 | 1 = 1) {
    this.#storage = storage;
    this.start = start;
    this.format = format;
    this.#next = start;
  }

  /** Where the next CCW will be. */
  get next(): number {
    return this.#next;
  }

  /** Adds a CCW. */
  ccw({ command, flags = 0, count = 0, address = 0 }: CcwFields): this {
    this.#storage.put(this.#next, encodeCcw(this.format, { command, flags, count, address }));
    this.#next += ccw1.size;
    return this;
  }

  /** Adds TRANSFER IN CHANNEL. */
  tic(address: number): this {
    return this.ccw({ command: 0x08, address });
  }

  /** Leaves a place for a CCW empty. */
  skip(): this {
    this.#next += ccw1.size;
    return this;
  }

  /** Stores a list of IDAWs of a format. */
  idaws(at: number, format: 1 | 2, addresses: readonly (number | bigint)[]): this {
    const size = format === 2 ? idaw.format2Size : idaw.format1Size;
    const bytes = new Uint8Array(size * addresses.length);
    const data = new DataView(bytes.buffer);
    addresses.forEach((address, index) => {
      if (format === 2) data.setBigUint64(index * size, BigInt(address));
      else data.setUint32(index * size, Number(address));
    });
    this.#storage.put(at, bytes);
    return this;
  }

  /** Stores a list of MIDAWs. */
  midaws(at: number, words: readonly MidawFields[]): this {
    const bytes = new Uint8Array(midaw.size * words.length);
    const data = new DataView(bytes.buffer);
    words.forEach(({ flags = 0, count, address }, index) => {
      data.setUint8(index * midaw.size + midaw.flags, flags);
      data.setUint16(index * midaw.size + midaw.count, count);
      data.setBigUint64(index * midaw.size + midaw.dataAddress, BigInt(address));
    });
    this.#storage.put(at, bytes);
    return this;
  }

  /** The operation-request block that starts the program. */
  orb(fields: OrbFields = {}): Uint8Array {
    return encodeOrb(this.format, { programAddress: this.start, ...fields });
  }
}

/** The bytes of a CCW. */
export function encodeCcw(format: 0 | 1, fields: Required<CcwFields>): Uint8Array {
  const bytes = new Uint8Array(ccw1.size);
  const data = new DataView(bytes.buffer);
  if (format === 1) {
    data.setUint32(ccw1.dataAddress, fields.address);
    data.setUint8(ccw1.command, fields.command);
    data.setUint8(ccw1.flags, fields.flags);
    data.setUint16(ccw1.count, fields.count);
  } else {
    data.setUint32(ccw0.command, fields.address & 0xff_ffff);
    data.setUint8(ccw0.command, fields.command);
    data.setUint8(ccw0.flags, fields.flags);
    data.setUint16(ccw0.count, fields.count);
  }
  return bytes;
}

/** The 32 bytes of an operation-request block. */
export function encodeOrb(format: 0 | 1, fields: OrbFields): Uint8Array {
  const bytes = new Uint8Array(orb.size);
  const data = new DataView(bytes.buffer);
  const control = ((fields.key ?? 0) << 12) | (fields.control ?? 0) | (format === 1 ? OrbControl.format1 : 0);
  data.setUint32(orb.interruptionParameter, fields.parameter ?? 0);
  data.setUint16(orb.control, control);
  data.setUint8(orb.logicalPathMask, fields.pathMask ?? 0xff);
  data.setUint8(orb.control1, fields.control1 ?? OrbControl1.incorrectLength);
  data.setUint32(orb.programAddress, fields.programAddress ?? 0);
  return bytes;
}
