/**
 * The byte order of what device and driver share (Virtual I/O Device 1.3, section 2.4, "Legacy Interface: A Note on
 * Device Configuration Space endian-ness", and 2.7.3): little-endian since version 1.0, the guest's before, and a
 * z/Architecture guest is big-endian.
 */
import { type AbsoluteAddress, absolute } from '@zarch/arch';
import type { StorageView } from '@zarch/memory';

/** Accessors of a window on guest storage in one byte order. Offsets ascend, as the guest counts. */
export interface ByteOrder {
  /** What `DataView` wants to know. */
  readonly littleEndian: boolean;
  u16(view: StorageView, offset: number): number;
  u32(view: StorageView, offset: number): number;
  /** A 64-bit address; one that no storage can have lies outside every storage. */
  address(view: StorageView, offset: number): AbsoluteAddress;
  setU16(view: StorageView, offset: number, value: number): void;
  setU32(view: StorageView, offset: number, value: number): void;
}

const HIGH = 2 ** 32;

export const bigEndian: ByteOrder = {
  littleEndian: false,
  u16: (view, offset) => view.u16(offset),
  u32: (view, offset) => view.u32(offset),
  address: (view, offset) => absolute(view.u32(offset) * HIGH + view.u32(offset + 4)),
  setU16: (view, offset, value) => view.setU16(offset, value),
  setU32: (view, offset, value) => view.setU32(offset, value),
};

export const littleEndian: ByteOrder = {
  littleEndian: true,
  u16: (view, offset) => swap16(view.u16(offset)),
  u32: (view, offset) => swap32(view.u32(offset)),
  address: (view, offset) => absolute(swap32(view.u32(offset + 4)) * HIGH + swap32(view.u32(offset))),
  setU16: (view, offset, value) => view.setU16(offset, swap16(value)),
  setU32: (view, offset, value) => view.setU32(offset, swap32(value)),
};

function swap16(value: number): number {
  return ((value & 0xff) << 8) | ((value >>> 8) & 0xff);
}

function swap32(value: number): number {
  return ((value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | ((value >>> 24) & 0xff)) >>> 0;
}
