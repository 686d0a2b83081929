/** Requests of the block device (Virtual I/O Device 1.3, section 5.2.6): what the driver wants, checked. */
import type { ByteOrder } from '../byte-order.ts';
import type { Segments } from '../queue/segments.ts';
import type { BlockBackend } from './block-backend.ts';
import { BlockRequest, BlockStatus, blockHeader, blockRange, SECTOR_SIZE } from './block-layout.ts';

/** Ranges in a discard or write-zeroes request, and sectors in each of them. */
export const MAXIMUM_RANGES = 64;
export const MAXIMUM_RANGE_SECTORS = 2 ** 22 - 1;

export interface Range {
  /** In bytes. */
  readonly offset: number;
  readonly length: number;
  readonly unmap: boolean;
}

export type CheckedRequest =
  | { readonly kind: 'read'; readonly offset: number; readonly length: number }
  | { readonly kind: 'write'; readonly offset: number; readonly length: number }
  | { readonly kind: 'flush' }
  | { readonly kind: 'id' }
  | { readonly kind: 'discard'; readonly ranges: readonly Range[] }
  | { readonly kind: 'writeZeroes'; readonly ranges: readonly Range[] }
  /** Answered with this status. */
  | { readonly kind: 'refused'; readonly status: number };

const HIGH = 2 ** 32;
const ioError: CheckedRequest = { kind: 'refused', status: BlockStatus.ioError };
const unsupported: CheckedRequest = { kind: 'refused', status: BlockStatus.unsupported };

/**
 * Checks a request against the medium.
 *
 * @param readable - Header and data to write.
 * @param room - Writable bytes before the status.
 */
export function checkRequest(
  readable: Segments,
  room: number,
  order: ByteOrder,
  backend: BlockBackend,
): CheckedRequest {
  const header = new DataView(readable.bytes(0, blockHeader.size).buffer);
  const offset = sectorAt(header, blockHeader.sector, order) * SECTOR_SIZE;
  const dataLength = readable.length - blockHeader.size;
  switch (header.getUint32(blockHeader.type, order.littleEndian)) {
    case BlockRequest.in:
      return inside(backend, offset, room) ? { kind: 'read', offset, length: room } : ioError;
    case BlockRequest.out:
      if (backend.readOnly || !inside(backend, offset, dataLength)) return ioError;
      return { kind: 'write', offset, length: dataLength };
    case BlockRequest.flush:
      return { kind: 'flush' };
    case BlockRequest.getId:
      return { kind: 'id' };
    case BlockRequest.discard:
      return backend.discard ? checkRanges('discard', readable, order, backend) : unsupported;
    case BlockRequest.writeZeroes:
      return backend.writeZeroes ? checkRanges('writeZeroes', readable, order, backend) : unsupported;
    default:
      return unsupported;
  }
}

function checkRanges(
  kind: 'discard' | 'writeZeroes',
  readable: Segments,
  order: ByteOrder,
  backend: BlockBackend,
): CheckedRequest {
  const length = readable.length - blockHeader.size;
  if (length === 0 || length % blockRange.size !== 0 || length / blockRange.size > MAXIMUM_RANGES) {
    return ioError;
  }
  const data = new DataView(readable.bytes(blockHeader.size, length).buffer);
  const known = kind === 'discard' ? 0 : blockRange.unmap;
  const ranges: Range[] = [];
  for (let at = 0; at < length; at += blockRange.size) {
    const flags = data.getUint32(at + blockRange.flags, order.littleEndian);
    if ((flags & ~known) !== 0) return unsupported;
    const sectors = data.getUint32(at + blockRange.sectors, order.littleEndian);
    const offset = sectorAt(data, at + blockRange.sector, order) * SECTOR_SIZE;
    if (sectors > MAXIMUM_RANGE_SECTORS || !inside(backend, offset, sectors * SECTOR_SIZE)) return ioError;
    ranges.push({ offset, length: sectors * SECTOR_SIZE, unmap: (flags & blockRange.unmap) !== 0 });
  }
  return backend.readOnly ? ioError : { kind, ranges };
}

/** A sector number. One of 2^53 or more is rounded, and far outside every medium. */
function sectorAt(data: DataView, at: number, order: ByteOrder): number {
  const [first, second] = [
    data.getUint32(at, order.littleEndian),
    data.getUint32(at + 4, order.littleEndian),
  ];
  return order.littleEndian ? second * HIGH + first : first * HIGH + second;
}

function inside({ size, blockSize }: BlockBackend, offset: number, length: number): boolean {
  return offset % blockSize === 0 && length % blockSize === 0 && offset + length <= size;
}
