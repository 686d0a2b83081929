/**
 * A vCPU's block in host storage: the register file that stays live across levels of interpretive execution, and
 * the working state of the engine. The first part belongs to address translation (`mmuLayout`).
 */
import { mmuLayout } from '@zarch/memory';

const base = mmuLayout.cpu;

/** Most requests for translation that wait. */
export const REQUESTS = 32;
export const REQUEST_SIZE = 16;
export const REGION_SETS = 16384;
export const KNOWN_BITS = 1 << 16;

export const cpuLayout = {
  /** 16 general registers, i64 each. */
  gr: base,
  /** 32 vector registers, 16 bytes each; a floating-point register is the upper half of one of the first 16. */
  vr: base + 0x100,
  /** i32: floating-point control. */
  fpc: base + 0x300,
  /** i32: condition code. */
  cc: base + 0x304,
  /** i64: the address of the next sequential instruction. */
  nextAddress: base + 0x308,
  /** i64: the address of the instruction itself; of the target, under EXECUTE. */
  instructionAddress: base + 0x310,
  /** i64: the instruction, left-aligned, as executed. */
  instruction: base + 0x318,
  /** i32: its length in bytes, or that of the EXECUTE that named it; 0 when no instruction is to blame. */
  length: base + 0x320,
  /** i32: data-exception code or vector-exception code. */
  dxc: base + 0x324,
  /** i32 and i64: monitor class and code of a monitor event. */
  monitorClass: base + 0x328,
  monitorCode: base + 0x330,
  /** i64: the instruction named by an EXECUTE under way is at this address; the EXECUTE is length bytes back. */
  executed: base + 0x338,
  /** i64: breaking-event address. */
  breakingEvent: base + 0x340,
  /** i32: SVC interruption code. */
  svcCode: base + 0x348,
  /** i32: CPU address. */
  cpuAddress: base + 0x34c,
  /** i64: TOD programmable field. */
  todProgrammable: base + 0x350,
  /** i64: guest TOD clock less host TOD clock. */
  epoch: base + 0x358,
  /** i64: host TOD at which the running CPU timer reaches zero. */
  cpuTimerZero: base + 0x360,
  /** i64: the guest's TOD clock as last stored, to keep values unique. */
  lastClock: base + 0x368,
  /** i64: instructions executed, in modules built to count them. */
  instructions: base + 0x370,
  /** i64 and i32 each: the PER event to be presented with the next program interruption, if its code is not zero. */
  perAddress: base + 0x378,
  perCode: base + 0x380,
  perAtmid: base + 0x38c,
  /** i32: not zero when an instruction has branched, for PER. */
  branchTaken: base + 0x384,
  /** i32: not zero when an interruption waits for a mask to be opened. */
  attention: base + 0x388,
  /** i32: where the places of translated code begin in the module's table. */
  firstPlace: base + 0x3a4,
  /** i64 each: interruptions presented. */
  supervisorCalls: base + 0x390,
  programInterruptions: base + 0x398,
  /** i32: a {@link Delivery}. */
  delivery: base + 0x3a0,
  /** i64: tag of the TLB entry that did not serve the last access that went by way of a helper. */
  missed: base + 0x3a8,
  /** 64 bytes for helpers to pass operands in. */
  scratch: base + 0x3c0,
  /** i64 each: facility bits 0-255 as offered to this guest. */
  facilities: base + 0x400,
  /** i64 each: the facility list as it is announced; what works and is not announced is missing in it. */
  announced: base + 0x420,
  /** i32: branches and calls left in a run, while translated code runs. */
  fuel: base + 0x440,
  /** i32: visits after which the code at an address is worth translating; 0 means never. */
  hotThreshold: base + 0x444,
  /** i64: times that translated code was entered from outside. */
  regionEntries: base + 0x448,
  /** i64: pieces of code between branches that were interpreted where translated code could have been. */
  interpreted: base + 0x458,
  /**
   * i32: code that is worth translating, so many of {@link REQUESTS}; each its address (i64), host pointer (i32) and the
   * count of visits (i32).
   */
  requestCount: base + 0x450,
  requests: base + 0x460,
  /** What is at host pointers of code, see {@link regionTable}. */
  regions: mmuLayout.end,
  /** One bit for each {@link knownCode} number: there are translations of code at host pointers with that number. */
  known: mmuLayout.end + REGION_SETS * 16,
  end: mmuLayout.end + REGION_SETS * 16 + KNOWN_BITS / 8,
} as const;

/**
 * The table by which code is found: {@link REGION_SETS} sets of two entries, chosen by bits 1 and up of the host pointer.
 * An entry is a host pointer (i32) and a value (i32): a place in the module's table, with the sign bit one, for
 * translated code, or the count of visits.
 */
export const regionTable = {
  setOf: (pointer: number): number => (pointer >>> 1) & (REGION_SETS - 1),
  entry: 0x8000_0000 | 0,
  /** Counts begin again beyond this. */
  countMask: 0x3fff_ffff,
} as const;

/** Code that has been translated before, whose translations are there already or were made in an earlier run. */
export const knownCode = {
  /** Visits after which it is asked for. */
  visits: 40,
  numberOf: (pointer: number): number => (pointer >>> 1) & (KNOWN_BITS - 1),
} as const;

/** Offset in the block of FPR `number`. */
export function fprOffset(number: number): number {
  return cpuLayout.vr + number * 16 + 8;
}

/** Who delivers supervisor calls and program interruptions. */
export const Delivery = {
  /** Whoever called: a run comes back with them. */
  outside: 0,
  /** The run itself, which goes on, where nothing in the state description speaks against it. */
  inside: 1,
} as const;

/** Why a run of the interpreter came back. */
export const Exit = {
  /** The slice is used up. */
  slice: 0,
  /** A program interruption; its code is in the block. */
  program: 1,
  supervisorCall: 2,
  /** PSW, control registers or timers changed so that an interruption may have become possible. */
  check: 3,
  /** The instruction is for the hypervisor. */
  intercept: 4,
  /** An instruction that took long is done, or a unit of an interruptible one, to which the PSW still points. */
  partial: 5,
} as const;
export type Exit = (typeof Exit)[keyof typeof Exit];
