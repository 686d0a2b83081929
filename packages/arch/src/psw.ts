/** The program-status word (Principles of Operation, chapter 4, "Program-Status Word"). */

/** Bits of the PSW's first doubleword. */
export const PSW = {
  per: bit(1),
  dat: bit(5),
  io: bit(6),
  external: bit(7),
  key: 0x00f0_0000_0000_0000n,
  /** Bit 12 is zero in a z/Architecture PSW and one in the short format. */
  shortFormat: bit(12),
  machineCheck: bit(13),
  wait: bit(14),
  problem: bit(15),
  addressSpace: 0x0000_c000_0000_0000n,
  conditionCode: 0x0000_3000_0000_0000n,
  fixedPointOverflow: bit(20),
  decimalOverflow: bit(21),
  hfpExponentUnderflow: bit(22),
  hfpSignificance: bit(23),
  programMask: 0x0000_0f00_0000_0000n,
  reducedLength: bit(24),
  extendedAddressing: bit(31),
  basicAddressing: bit(32),
  /** Bits that must be zero in a valid z/Architecture PSW. */
  unassigned: 0xb808_00fe_7fff_ffffn,
} as const;

/** Shift that brings a field of the first doubleword to the right. */
export const PSW_SHIFT = { key: 52, addressSpace: 46, conditionCode: 44, programMask: 40 } as const;

/** Values of the address-space control (bits 16 and 17). */
export const AddressSpaceControl = { primary: 0, accessRegister: 1, secondary: 2, home: 3 } as const;

function bit(number: number): bigint {
  return 1n << BigInt(63 - number);
}
