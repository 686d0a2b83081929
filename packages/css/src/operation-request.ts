/** What START SUBCHANNEL asks for (Principles of Operation, chapter 15, "Operation-Request Block"). */
import { OrbControl, OrbControl1, orb } from '@zarch/arch';

export interface OperationRequest {
  readonly interruptionParameter: number;
  /** The control halfword, with the bits of `OrbControl`. */
  readonly control: number;
  readonly key: number;
  readonly logicalPathMask: number;
  readonly programAddress: number;
  readonly suspend: boolean;
  /** CCWs have format 1. */
  readonly format1: boolean;
  readonly initialStatusInterruption: boolean;
  readonly addressLimitChecking: boolean;
  readonly suppressSuspendedInterruption: boolean;
  /** IDAWs have format 2. */
  readonly idaw64: boolean;
  /** Bytes in the blocks that IDAWs designate. */
  readonly idawBlock: number;
  readonly midaw: boolean;
  /** Incorrect length is suppressed for immediate operations. */
  readonly suppressImmediateLength: boolean;
}

const SMALL_BLOCK = 2048;
const LARGE_BLOCK = 4096;

/** Reads a block whose reserved bits are zero. */
export function operationRequest(block: Uint8Array): OperationRequest {
  const data = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const control = data.getUint16(orb.control);
  const control1 = data.getUint8(orb.control1);
  const has = (bit: number) => (control & bit) !== 0;
  const format1 = has(OrbControl.format1);
  const idaw64 = has(OrbControl.idaw64);
  return {
    interruptionParameter: data.getUint32(orb.interruptionParameter),
    control,
    key: control >>> 12,
    logicalPathMask: data.getUint8(orb.logicalPathMask),
    programAddress: data.getUint32(orb.programAddress),
    suspend: has(OrbControl.suspend),
    format1,
    initialStatusInterruption: has(OrbControl.initialStatusInterruption),
    addressLimitChecking: has(OrbControl.addressLimitChecking),
    suppressSuspendedInterruption: has(OrbControl.suppressSuspendedInterruption),
    idaw64,
    idawBlock: idaw64 && !has(OrbControl.idaw2k) ? LARGE_BLOCK : SMALL_BLOCK,
    midaw: (control1 & OrbControl1.midaw) !== 0,
    // Format-0 CCWs know only this mode.
    suppressImmediateLength: !format1 || (control1 & OrbControl1.incorrectLength) !== 0,
  };
}
