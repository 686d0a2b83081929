/**
 * Access-register translation: from an access-list-entry token to the ASCE of an address space (Principles of
 * Operation, chapter 5, "Access-Register Translation").
 */
import { type AbsoluteAddress, applyPrefix, ProgramInterruption, real } from '@zarch/arch';
import type { GuestStorage } from './guest-storage.ts';
import type { StorageView } from './storage-view.ts';

/** In the second result, beside an exception code of 0: the space may only be fetched from. */
export const FETCH_ONLY = 0x1_0000;

export interface AccessRegisterContext {
  readonly storage: GuestStorage;
  readonly prefix: number;
  /** Control registers 2 (dispatchable-unit control table), 5 (primary ASTE) and 8 (extended authorization index). */
  readonly control: (number: 2 | 5 | 8) => bigint;
}

const ORIGIN_64 = 0x7fff_ffc0n;
const ALET_RESERVED = 0xfe00_0000;
const ALET_PRIMARY = 0x0100_0000;
/** Offsets of what is used of the control blocks. */
const Layout = {
  accessListDesignation: 16,
  entry: { size: 16, aste: 8, sequence: 12 },
  aste: { size: 64, authorityLength: 4, asce: 8, sequence: 20 },
} as const;
const Entry = { invalid: 0x8000_0000, fetchOnly: 0x0200_0000, private: 0x0100_0000 } as const;

/**
 * Translates an ALET other than 0 and 1.
 *
 * @returns The ASCE and 0 or {@link FETCH_ONLY}; or 0 and a program-interruption code.
 */
export function translateAccessRegister(
  context: AccessRegisterContext,
  alet: number,
): readonly [bigint, number] {
  const fail = (code: number) => [0n, code] as const;
  const at = (address: number, length: number): StorageView | undefined =>
    context.storage.view(toAbsolute(context, address), length);

  if (alet & ALET_RESERVED) return fail(ProgramInterruption.alet);
  const owner = context.control(alet & ALET_PRIMARY ? 5 : 2) & ORIGIN_64;
  const designation = at(Number(owner) + Layout.accessListDesignation, 4)?.u32(0);
  if (designation === undefined) return fail(ProgramInterruption.addressing);
  const number = alet & 0xffff;
  if (number >> 3 > (designation & 0x7f)) return fail(ProgramInterruption.alen);

  const entry = at((designation & 0x7fff_ff80) + number * Layout.entry.size, Layout.entry.size);
  if (!entry) return fail(ProgramInterruption.addressing);
  const head = entry.u32(0);
  if (head & Entry.invalid) return fail(ProgramInterruption.alen);
  if (((head >> 16) & 0xff) !== ((alet >> 16) & 0xff)) return fail(ProgramInterruption.aleSequence);

  const aste = at(entry.u32(Layout.entry.aste) & Number(ORIGIN_64), Layout.aste.size);
  if (!aste) return fail(ProgramInterruption.addressing);
  if (aste.u32(0) & Entry.invalid) return fail(ProgramInterruption.asteValidity);
  if (aste.u32(Layout.aste.sequence) !== entry.u32(Layout.entry.sequence)) {
    return fail(ProgramInterruption.asteSequence);
  }
  const unauthorized = head & Entry.private ? authorize(context, head & 0xffff, aste, at) : undefined;
  if (unauthorized !== undefined) return fail(unauthorized);
  return [aste.u64(Layout.aste.asce), head & Entry.fetchOnly ? FETCH_ONLY : 0];
}

/** A private entry is for one extended authorization index, or for those that the space's authority table has. */
function authorize(
  context: AccessRegisterContext,
  entryIndex: number,
  aste: StorageView,
  at: (address: number, length: number) => StorageView | undefined,
): number | undefined {
  const index = Number((context.control(8) >> 16n) & 0xffffn);
  if (entryIndex === index) return undefined;
  const length = (aste.u32(Layout.aste.authorityLength) >> 4) & 0xfff;
  if (index >> 4 > length) return ProgramInterruption.extendedAuthority;
  const byte = at((aste.u32(0) & 0x7fff_fffc) + (index >> 2), 1)?.u8(0);
  if (byte === undefined) return ProgramInterruption.addressing;
  // Two bits for each index; the second is the secondary authority.
  return byte & (0x40 >> (2 * (index & 3))) ? undefined : ProgramInterruption.extendedAuthority;
}

function toAbsolute({ prefix }: AccessRegisterContext, address: number): AbsoluteAddress {
  return applyPrefix(real(address), prefix);
}
