/** Address-limit checking (Principles of Operation, chapter 17, "Address-Limit Checking"). */
import { PmcwFlag } from '@zarch/arch';

/** Which data addresses a channel program may use. */
export interface AddressLimit {
  /** What SET ADDRESS LIMIT set, a multiple of 64 KiB. */
  readonly limit: number;
  /** The limit-mode bits of the subchannel. */
  readonly mode: number;
}

const LOW = 0x0020;

/** Whether data at an address, within one block of 4 KiB, may be accessed. */
export function withinLimit(address: number, checking: AddressLimit | undefined): boolean {
  if (checking === undefined || (checking.mode & PmcwFlag.limitMode) === 0) return true;
  return checking.mode === LOW ? address >= checking.limit : address < checking.limit;
}
