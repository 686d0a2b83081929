/**
 * The part of a vCPU's block in host storage that address translation reads and writes. Offsets are from the
 * block's start, which every function takes as its first parameter: modules are shared between vCPUs.
 */

/** Entries of each TLB; with 256 a matrix loop missed 52 million times. */
export const TLB_ENTRIES = 4096;
/** A tag (page address and context) of 8 bytes, an addend of 4, 4 for {@link LOW_PAGE}. */
export const TLB_ENTRY_SIZE = 16;
const TLB_SIZE = TLB_ENTRIES * TLB_ENTRY_SIZE;

/** ASCEs that have a context at one time; they are found by a hash, so more of them only cost purges. */
export const CONTEXT_SLOTS = 64;

export const mmuLayout = {
  /** i64: PSW bits 0-63; the condition code is kept elsewhere while the CPU runs. */
  pswMask: 0x000,
  /** i64: the bits an address has in the current addressing mode. */
  addressMask: 0x008,
  /** i64, below 4096: what a TLB tag holds beside the page for data and for instruction fetches. */
  dataContext: 0x010,
  fetchContext: 0x018,
  /** i32: host address of the state description's lower end. */
  stateDescription: 0x020,
  /** i32: the vCPU's prefix, an absolute address. */
  prefix: 0x024,
  /** i32: host storage's top, guest storage's size in bytes, host address of the storage keys. */
  top: 0x028,
  size: 0x02c,
  keys: 0x030,
  /** i32: the program-interruption code of the access that failed. */
  faultCode: 0x034,
  /** i64: its translation-exception identification. */
  faultTeid: 0x038,
  /** i32: the access register (exception access identification) of it. */
  faultAccess: 0x040,
  /** i32: contexts given out since the TLBs were last cleared. */
  contextsUsed: 0x044,
  /** i64: count of TLB misses, for statistics. */
  misses: 0x048,
  /** i32: facilities that change translation, see {@link mmuFacility}. */
  facilities: 0x050,
  /** i32: context of real addresses. */
  realContext: 0x054,
  /** i32: not zero when the access list lets the space found last only be fetched from. */
  fetchOnly: 0x1ff8,
  /** Parts of an operand of at most 128 bytes that crosses a page are joined here. */
  bounce: 0x1e00,
  /** i64: the table entry that was invalid in the last translation; 0 if none was. */
  invalidEntry: 0x1ff0,
  /** i32: 0, or one more than the accesses in {@link mmuLayout.accesses}; see there. */
  accessRecord: 0x058,
  /** i32: bytes of the access that is being made, when they are known. */
  accessSize: 0x05c,
  /** i32: a {@link CodeWrite}; and not zero when code that is translated may have been written. */
  codeWrite: 0x060,
  /** i32: host address of a word for each 4 KiB block, see `CodeFrames`. */
  codeFrames: 0x064,
  /** 16 access registers, i32 each. */
  accessRegisters: 0x080,
  /** i32: a {@link Hold}. */
  holds: 0x0c0,
  /** Pairs of an ASCE (i64) and its context (i64). */
  contexts: 0x100,
  /**
   * For debuggers and PER: with {@link mmuLayout.accessRecord} not zero, operands accessed outside the TLBs, each an
   * address (i64), a kind and a size (i32; 0 if it is not known).
   */
  accesses: 0x500,
  /**
   * For debuggers: a bit for each of {@link HELD_PAGES} page numbers, modulo that number, whose pages are in no TLB
   * while {@link mmuLayout.holds} is not zero.
   */
  heldPages: 0x780,
  /** The CPU's own part: registers and the like. */
  cpu: 0x800,
  readTlb: 0x2000,
  writeTlb: 0x2000 + TLB_SIZE,
  fetchTlb: 0x2000 + 2 * TLB_SIZE,
  end: 0x2000 + 3 * TLB_SIZE,
} as const;

/** What an access to a held page does. */
export const Hold = {
  /** Nothing special. */
  off: 0,
  /** It fails, with {@link HELD}: the instruction is to be executed again by itself. */
  fail: 1,
  /** It is made, outside the TLBs. */
  pass: 2,
} as const;

/** What a store to a block of storage with translated code does. */
export const CodeWrite = {
  /** It is made, and noted. */
  note: 0,
  /** It fails, with {@link CODE_WRITE}: the instruction is to be executed again by itself. */
  fail: 1,
} as const;

/** In place of a program-interruption code: a store would change code that may have been translated. */
export const CODE_WRITE = 0x1_0001;

/** In place of a program-interruption code: nothing but a page that is held. */
export const HELD = 0x1_0000;

/** Page numbers that can be told apart when pages are held. */
export const HELD_PAGES = 1024;

/** Most accesses that are recorded, and the bytes of one. */
export const ACCESS_RECORDS = 40;
export const ACCESS_RECORD_SIZE = 16;

/** The context of an access that must always take the slow path. */
export const UNCACHED = 0xfffn;

/**
 * In the tags of pages 0 and 1 in the write TLB, of which low-address protection covers a part: instructions find no such
 * entry, only the slow path does. The context of the entry is behind its addend.
 */
export const LOW_PAGE = 0xffen;
/** Bytes at the start of each of these pages that low-address protection covers. */
export const LOW_PROTECTED = 512;

export const mmuFacility = {
  /** Bit 8: frames of 1 MiB and table-entry protection. */
  edat1: 1,
  /** Bit 78: frames of 2 GiB. */
  edat2: 2,
  /** Bit 130. */
  instructionExecutionProtection: 4,
  /** Bit 75: access-exception fetch/store indication. */
  fetchStoreIndication: 8,
  /** Bit 131: enhanced suppression on protection 2. */
  suppressionOnProtection2: 16,
} as const;

/** Bytes of a state description; a field of s bytes at o is at `stateDescription + SIZE - o - s`. */
export const STATE_DESCRIPTION_SIZE = 512;

/** Where field `offset` of `size` bytes is, from the host address in {@link mmuLayout.stateDescription}. */
export function stateField(offset: number, size: number): number {
  return STATE_DESCRIPTION_SIZE - offset - size;
}

/** Control register `number` in the state description. */
export function controlRegister(number: number): number {
  return stateField(0x100 + 8 * number, 8);
}
