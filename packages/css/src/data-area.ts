/**
 * Where the data of one CCW are in storage: designated directly, or by lists of addresses (Principles of Operation,
 * chapter 15, "CCW Indirect Data Addressing" and "Modified CCW Indirect Data Addressing").
 *
 * Lists are read word by word when their data are needed, so that a program may change what is not yet used.
 */
import { CcwFlag, idaw, MidawFlag, midaw, PAGE_SIZE, SubchannelStatus } from '@zarch/arch';
import { addressLimit, type Ccw, type CommandKind, hasFlag } from './channel-command-word.ts';
import { bytesInBlock, type ChannelStorage, type StorageCheck } from './channel-storage.ts';
import type { OperationRequest } from './operation-request.ts';

/** Contiguous bytes within one block of 4 KiB. Read backward goes through them from the last to the first. */
export interface Chunk {
  /** The lowest address. */
  readonly address: number;
  readonly length: number;
  /** They are counted but not stored. */
  readonly skip: boolean;
}

export interface DataArea {
  /** The next bytes, at most `limit` and at least one, or what is wrong with them. */
  take(limit: number): Chunk | StorageCheck;
  /** What is wrong with the list now that the count of the CCW is exhausted. */
  finish(): StorageCheck | undefined;
}

/** Bytes that follow each other in storage, upward or downward. */
interface Run {
  /** The next byte. */
  readonly address: number;
  readonly length: number;
  readonly skip: boolean;
}

const { programCheck } = SubchannelStatus;

/** The data area that a valid CCW designates for a command of that kind. */
export function dataArea(
  storage: ChannelStorage,
  request: OperationRequest,
  ccw: Ccw,
  kind: CommandKind,
): DataArea {
  const backward = kind === 'read-backward';
  if (maySkip(kind) && hasFlag(ccw, CcwFlag.skip)) {
    return new RunArea({ address: 0, length: ccw.count, skip: true }, backward);
  }
  if (hasFlag(ccw, CcwFlag.modifiedIndirectAddressing)) return new MidawArea(storage, request, ccw, kind);
  if (hasFlag(ccw, CcwFlag.indirectAddressing)) return new IdawArea(storage, request, ccw, backward);
  const run = { address: ccw.dataAddress, length: ccw.count, skip: false };
  return new RunArea(run, backward, addressLimit(request));
}

/** Data that come from the device can be skipped. */
function maySkip(kind: CommandKind): boolean {
  return kind !== 'write' && kind !== 'control';
}

/** Takes the first bytes of a run. */
function split(run: Run, limit: number, backward: boolean): { readonly chunk: Chunk; readonly rest: Run } {
  const { address, skip } = run;
  const inBlock = skip ? run.length : backward ? (address % PAGE_SIZE) + 1 : bytesInBlock(address);
  const length = Math.min(run.length, limit, inBlock);
  return {
    chunk: { address: backward ? address - length + 1 : address, length, skip },
    rest: { address: backward ? address - length : address + length, length: run.length - length, skip },
  };
}

/** Data that a CCW designates directly, or skips. */
class RunArea implements DataArea {
  #run: Run;
  readonly #backward: boolean;
  readonly #highest: number;

  constructor(run: Run, backward: boolean, highest = Number.MAX_SAFE_INTEGER) {
    this.#run = run;
    this.#backward = backward;
    this.#highest = highest;
  }

  take(limit: number): Chunk | StorageCheck {
    const { address, skip } = this.#run;
    if (!skip && (address < 0 || address > this.#highest)) return programCheck;
    const { chunk, rest } = split(this.#run, limit, this.#backward);
    this.#run = rest;
    return chunk;
  }

  finish(): undefined {}
}

/** Data that a list of IDAWs designates, each a block of 2 or 4 KiB or the part of one. */
class IdawArea implements DataArea {
  readonly #storage: ChannelStorage;
  readonly #request: OperationRequest;
  readonly #backward: boolean;
  #list: number;
  #run: Run = { address: 0, length: 0, skip: false };
  #first = true;

  constructor(storage: ChannelStorage, request: OperationRequest, ccw: Ccw, backward: boolean) {
    this.#storage = storage;
    this.#request = request;
    this.#list = ccw.dataAddress;
    this.#backward = backward;
  }

  take(limit: number): Chunk | StorageCheck {
    if (this.#run.length === 0) {
      const run = this.#next();
      if (typeof run === 'number') return run;
      this.#run = run;
    }
    const { chunk, rest } = split(this.#run, limit, this.#backward);
    this.#run = rest;
    return chunk;
  }

  finish(): undefined {}

  #next(): Run | StorageCheck {
    const { idaw64, idawBlock, key } = this.#request;
    const size = idaw64 ? idaw.format2Size : idaw.format1Size;
    if (this.#list > addressLimit(this.#request)) return programCheck;
    const bytes = this.#storage.fetch(this.#list, size, key);
    if (typeof bytes === 'number') return bytes;
    this.#list += size;
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const address = idaw64 ? clamp(data.getBigUint64(0)) : data.getUint32(0);
    if (!idaw64 && address > 0x7fff_ffff) return programCheck;
    const offset = address % idawBlock;
    if (!this.#first && offset !== (this.#backward ? idawBlock - 1 : 0)) return programCheck;
    this.#first = false;
    return { address, length: this.#backward ? offset + 1 : idawBlock - offset, skip: false };
  }
}

/** Data that a list of MIDAWs designates, each any part of a block of 4 KiB. */
class MidawArea implements DataArea {
  readonly #storage: ChannelStorage;
  readonly #request: OperationRequest;
  readonly #backward: boolean;
  readonly #maySkip: boolean;
  /** Undefined at the end of the block of 4 KiB that the list may not leave. */
  #list: number | undefined;
  #run: Run = { address: 0, length: 0, skip: false };
  #last = false;

  constructor(storage: ChannelStorage, request: OperationRequest, ccw: Ccw, kind: CommandKind) {
    this.#storage = storage;
    this.#request = request;
    this.#list = ccw.dataAddress;
    this.#backward = kind === 'read-backward';
    this.#maySkip = maySkip(kind);
  }

  take(limit: number): Chunk | StorageCheck {
    if (this.#run.length === 0) {
      const run = this.#next();
      if (typeof run === 'number') return run;
      this.#run = run;
    }
    const { chunk, rest } = split(this.#run, limit, this.#backward);
    this.#run = rest;
    return chunk;
  }

  /** The counts of the list add up to that of the CCW. */
  finish(): StorageCheck | undefined {
    return this.#last && this.#run.length === 0 ? undefined : programCheck;
  }

  #next(): Run | StorageCheck {
    const at = this.#list;
    if (at === undefined || this.#last) return programCheck;
    const bytes = this.#storage.fetch(at, midaw.size, this.#request.key);
    if (typeof bytes === 'number') return bytes;
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const flags = data.getUint8(midaw.flags);
    const length = data.getUint16(midaw.count);
    const address = clamp(data.getBigUint64(midaw.dataAddress));
    if (bytes.subarray(0, midaw.flags).some((byte) => byte !== 0) || length === 0) return programCheck;
    if ((flags & (MidawFlag.reserved | MidawFlag.dataTransferInterruption)) !== 0) return programCheck;
    const skip = this.#maySkip && (flags & MidawFlag.skip) !== 0;
    const room = this.#backward ? (address % PAGE_SIZE) + 1 : bytesInBlock(address);
    if (!skip && length > room) return programCheck;
    this.#last = (flags & MidawFlag.last) !== 0;
    const next = at + midaw.size;
    this.#list = next % PAGE_SIZE === 0 ? undefined : next;
    return { address, length, skip };
  }
}

/** An address beyond every storage stays so. */
function clamp(address: bigint): number {
  return Number(address > BigInt(Number.MAX_SAFE_INTEGER) ? BigInt(2 ** 52) : address);
}
