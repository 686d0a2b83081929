/** Where things are in the storage of a fuzzed guest. */
export const MEMORY = 2 << 20;
export const CODE = 0x1_0000;
/** Tables that map storage to itself: a segment table and its page tables. */
export const SEGMENT_TABLE = 0x10_0000;
export const PAGE_TABLES = 0x10_1000;
/** Addresses of the disabled waits in the new PSWs, to tell interruptions by. */
export const STOP = {
  restart: 0x1000n,
  external: 0x2000n,
  svc: 0x3000n,
  program: 0x4000n,
  io: 0x6000n,
} as const;
