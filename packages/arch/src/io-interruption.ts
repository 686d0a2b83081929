/** The I/O-interruption code (Principles of Operation, chapter 16, "I/O-Interruption Code"). */
export const ioInterruption = { subsystemId: 0, parameter: 4, identification: 8, size: 12 } as const;

/** The interruption-identification word. */
export const IoIdentification = {
  adapter: 0x8000_0000,
  subclass: { mask: 0x3800_0000, shift: 27 },
} as const;
