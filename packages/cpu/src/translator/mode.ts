/**
 * The mode for which code is translated: 64-bit addresses, fixed-point overflow masked (Principles of Operation, chapter
 * 4, "Program-Status Word"). In any other the interpreter runs.
 */
import { PSW } from '@zarch/arch';

/** PSW bits 0-63 are looked at through the mask. */
export const MODE = {
  mask: PSW.extendedAddressing | PSW.fixedPointOverflow,
  value: PSW.extendedAddressing,
} as const;
