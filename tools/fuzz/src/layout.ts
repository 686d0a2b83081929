/** Where things are in the storage of a fuzzed guest. */
export const MEMORY = 2 << 20;
export const CODE = 0x1_0000;
/** Tables that map storage to itself: a segment table and its page tables. */
export const SEGMENT_TABLE = 0x10_0000;
export const PAGE_TABLES = 0x10_1000;
/** Region, segment and page tables by which a few frames fill the whole 64-bit address space. */
export const ENDLESS = {
  regionFirst: 0x18_0000,
  regionSecond: 0x18_4000,
  regionThird: 0x18_8000,
  segment: 0x18_c000,
  page: 0x19_0000,
  frames: 0x1a_0000,
} as const;
export const ENDLESS_BYTES = 16 * 4096;
/** Addresses of the disabled waits in the new PSWs, to tell interruptions by. */
export const STOP = {
  restart: 0x1000n,
  external: 0x2000n,
  svc: 0x3000n,
  program: 0x4000n,
  io: 0x6000n,
} as const;
