/**
 * Addresses (Principles of Operation, chapter 3, "Address Types").
 *
 * The three kinds are distinct types. Absolute and real addresses are numbers, since every storage zarch can
 * provide ends far below 2^53; logical addresses use all 64 bits and are bigints.
 */

declare const kind: unique symbol;

/** The address of a byte in the configuration's main storage, after translation and prefixing. */
export type AbsoluteAddress = number & { readonly [kind]: 'absolute' };

/** An address that prefixing turns into an absolute address. */
export type RealAddress = number & { readonly [kind]: 'real' };

/** An address as a program uses it: real or virtual, depending on the PSW. */
export type LogicalAddress = bigint & { readonly [kind]: 'logical' };

/** Bytes in a page and in a page frame. */
export const PAGE_SIZE = 4096;

/** Bytes in the prefix area. */
export const PREFIX_AREA_SIZE = 8192;

/**
 * Brands a 64-bit value as an absolute address. A value of 2^53 or more becomes `Number.MAX_SAFE_INTEGER`,
 * which lies outside every storage, so that the bounds check that follows rejects it.
 */
export function absolute(address: number | bigint): AbsoluteAddress {
  return clamp(address) as AbsoluteAddress;
}

/** Brands a 64-bit value as a real address; see {@link absolute} for values of 2^53 or more. */
export function real(address: number | bigint): RealAddress {
  return clamp(address) as RealAddress;
}

/** Brands a value as a logical address, keeping its rightmost 64 bits. */
export function logical(address: number | bigint): LogicalAddress {
  return BigInt.asUintN(64, BigInt(address)) as LogicalAddress;
}

/**
 * Applies prefixing: exchanges the first 8 KiB block with the block at `prefix`.
 *
 * @param address - A real address (or an absolute one: the mapping is its own inverse).
 * @param prefix - The prefix, a multiple of 8 KiB.
 */
export function applyPrefix(address: RealAddress, prefix: number): AbsoluteAddress {
  const block = address - (address % PREFIX_AREA_SIZE);
  if (block === 0) return absolute(address + prefix);
  if (block === prefix) return absolute(address - prefix);
  return absolute(address);
}

function clamp(address: number | bigint): number {
  const value = Number(address);
  return value > Number.MAX_SAFE_INTEGER || value < 0 ? Number.MAX_SAFE_INTEGER : value;
}
