/** The I/O-interruption code (Principles of Operation, chapter 16, "I/O-Interruption Code"). */
export const ioInterruption = { subsystemId: 0, parameter: 4, identification: 8, size: 12 } as const;

/** The interruption-identification word. */
export const IoIdentification = {
  adapter: 0x8000_0000,
  subclass: { mask: 0x3800_0000, shift: 27 },
} as const;

/** The code of an adapter interruption of a subclass. */
export function adapterInterruptionCode(subclass: number): Uint8Array {
  const bytes = new Uint8Array(ioInterruption.size);
  const word = IoIdentification.adapter | (subclass << IoIdentification.subclass.shift);
  new DataView(bytes.buffer).setUint32(ioInterruption.identification, word);
  return bytes;
}
