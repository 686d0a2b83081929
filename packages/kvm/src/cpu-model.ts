/** What a VM tells its guests about their CPU. */
export interface CpuModel {
  /** As STORE CPU ID has it, without the CPU address: version, identification, machine type. */
  readonly cpuId: bigint;
  /** What STFLE announces. */
  readonly facilities: ReadonlySet<number>;
  /** Facilities whose instructions work although their bit, which promises more, is not announced. */
  readonly unannounced?: ReadonlySet<number>;
  /** Instruction-blocking control of the model, a 12-bit value. */
  readonly ibc: number;
}

/** The facility list as bytes, bit 0 leftmost. */
export function facilityBytes(facilities: ReadonlySet<number>, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (const bit of facilities) {
    if (bit < length * 8) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  }
  return bytes;
}
