/**
 * The floating-point-control (FPC) register: layout, validity, and signaling.
 * Principles of Operation, chapter 9, "Floating-Point-Control (FPC) Register", LOAD FPC, SET FPC,
 * LOAD FPC AND SIGNAL, SET FPC AND SIGNAL; chapter 6, "Data-Exception Code (DXC)".
 *
 * An FPC is an unsigned 32-bit number: masks in bits 0-5, flags in 8-13, DXC in 16-23, DFP rounding mode in
 * 25-27, BFP rounding mode in 29-31.
 */
import { bfpRoundingModeValid } from './rounding.ts';

/** Mask bits of the FPC; the flag of the same exception is the mask shifted right by `FPC_FLAG_SHIFT`. */
export const FPC_MASK = {
  invalid: 0x8000_0000,
  divisionByZero: 0x4000_0000,
  overflow: 0x2000_0000,
  underflow: 0x1000_0000,
  inexact: 0x0800_0000,
  quantum: 0x0400_0000,
} as const;

export type IeeeException = keyof typeof FPC_MASK;

export const FPC_FLAG_SHIFT = 8;

/** Data-exception codes of IEEE exceptions. Overflow and underflow are combined with an inexact code. */
export const DXC = {
  invalid: 0x80,
  divisionByZero: 0x40,
  overflow: 0x20,
  underflow: 0x10,
  inexactTruncated: 0x08,
  inexactIncremented: 0x0c,
} as const;

/** The facilities that decide which bits of the FPC exist. */
export interface FpcFacilities {
  /** Floating-point extension (STFLE 37): quantum mask and flag, BFP rounding mode 7. */
  readonly floatingPointExtension: boolean;
  /** Decimal floating point (STFLE 42): the DFP rounding mode. */
  readonly decimalFloatingPoint: boolean;
}

const ALL_FACILITIES: FpcFacilities = { floatingPointExtension: true, decimalFloatingPoint: true };

/** Whether the mask of an exception is one, so that the exception traps. */
export function traps(fpc: number, exception: IeeeException): boolean {
  return (fpc & FPC_MASK[exception]) !== 0;
}

/** The FPC with the flag of an exception set to one. */
export function withFlag(fpc: number, exception: IeeeException): number {
  return (fpc | (FPC_MASK[exception] >>> FPC_FLAG_SHIFT)) >>> 0;
}

/** The FPC with its DXC replaced, as a data exception does while the AFP-register-control bit is one. */
export function withDxc(fpc: number, dxc: number): number {
  return ((fpc & ~0xff00) | ((dxc & 0xff) << 8)) >>> 0;
}

/**
 * Whether SFPC, LFPC, SFASR and LFAS accept a value. They recognize a specification exception otherwise:
 * for ones in unsupported bits and for a BFP rounding mode that is not valid.
 */
export function bfpValidateFpc(value: number, facilities: FpcFacilities = ALL_FACILITIES): boolean {
  let unsupported = 0x0303_0088;
  if (!facilities.floatingPointExtension) unsupported |= 0x0404_0000;
  if (!facilities.decimalFloatingPoint) unsupported |= 0x0000_0070;
  return (value & unsupported) === 0 && bfpRoundingModeValid(value & 7, facilities.floatingPointExtension);
}

/** What SFASR or LFAS does: a specification exception, or a new FPC and, if not zero, a DXC to trap with. */
export type FpcSignalResult =
  | { readonly kind: 'specification' }
  | { readonly kind: 'set'; readonly fpc: number; readonly dxc: number };

function signaledDxc(enabled: number, flags: number): number {
  const inexact = (flags & FPC_MASK.inexact) !== 0 ? DXC.inexactTruncated : 0;
  if ((enabled & FPC_MASK.invalid) !== 0) return DXC.invalid | 3;
  if ((enabled & FPC_MASK.divisionByZero) !== 0) return DXC.divisionByZero | 3;
  if ((enabled & FPC_MASK.overflow) !== 0) return DXC.overflow | inexact | 3;
  if ((enabled & FPC_MASK.underflow) !== 0) return DXC.underflow | inexact | 3;
  if ((enabled & FPC_MASK.inexact) !== 0) return DXC.inexactTruncated | 3;
  return (enabled & FPC_MASK.quantum) !== 0 ? 0x07 : 0;
}

/**
 * SET FPC AND SIGNAL, LOAD FPC AND SIGNAL: the flags of the current FPC stay and are signaling flags; those
 * whose mask is one in the source cause a simulated-IEEE-exception trap, after the FPC has been replaced.
 */
export function bfpSetFpcAndSignal(
  current: number,
  source: number,
  facilities: FpcFacilities = ALL_FACILITIES,
): FpcSignalResult {
  if (!bfpValidateFpc(source, facilities)) return { kind: 'specification' };
  const flags = current & (facilities.floatingPointExtension ? 0x00fc_0000 : 0x00f8_0000);
  const signaling = flags << FPC_FLAG_SHIFT;
  return { kind: 'set', fpc: (source | flags) >>> 0, dxc: signaledDxc(signaling & source, signaling) };
}
