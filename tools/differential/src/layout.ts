/**
 * Where test programs and their data are, in the peer's address space as in ours, and the records that go to the
 * runner and come back. All below 16 MiB, so that every addressing mode reaches them.
 */

/** The state the runner loads registers from; a 20-bit displacement without a base reaches it. */
export const RECORD = 0x6_5000;

/** Where QEMU's user mode has the stack of the program, which cases keep away from. */
export const PEER_STACK = { start: 0x40_0000_0000, end: 0x40_0100_0000 } as const;

/** A piece of storage that a case fills and that is compared: `size` bytes from `address`. */
export interface Window {
  readonly address: number;
  readonly size: number;
}

/** Ends where the mapped storage ends. */
export const EDGE_WINDOW: Window = { address: 0x20_1e00, size: 512 };
/** Has a page boundary in its middle. */
export const CROSSING_WINDOW: Window = { address: 0x24_0f00, size: 512 };
export const WINDOWS: readonly Window[] = [EDGE_WINDOW, CROSSING_WINDOW];

/** Pages of the windows; those around them are not mapped. */
export const DATA_PAGES: readonly number[] = [0x20_0000, 0x20_1000, 0x24_0000, 0x24_1000];

/** Code of a batch, a slot for each case. */
export const CODE = 0x30_0000;
export const SLOT = 128;
/** In its slot, the prologue and then the instruction. Everything else is zero, which is no instruction. */
export const PROLOGUE = 48;
export const INSTRUCTION = 56;
/** In its slot, the target of an EXECUTE. */
export const TARGET = 96;
export const BATCH = 4096;

/** The record of a case: registers and windows before it. */
export const input = {
  gr: 0,
  fpr: 128,
  ar: 256,
  fpc: 320,
  /** Condition code and program mask, where SET PROGRAM MASK takes them. */
  ccAndMask: 324,
  entry: 328,
  windows: 336,
  size: 336 + 1024,
} as const;

/** The record of how a case ended: the signal, then the registers as in a signal frame, and the windows. */
export const output = {
  signal: 0,
  signalCode: 4,
  signalAddress: 8,
  pswMask: 16,
  pswAddress: 24,
  gr: 32,
  ar: 160,
  fpc: 224,
  fpr: 232,
  /** A checksum of each data page, so that stray stores show. */
  checksums: 360,
  windows: 376,
  size: 376 + 1024,
} as const;
