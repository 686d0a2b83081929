/** The channel-report word (Principles of Operation, chapter 17, "Channel Report"). */
export const Crw = {
  solicited: 0x4000_0000,
  overflow: 0x2000_0000,
  chained: 0x1000_0000,
  ancillary: 0x0080_0000,
} as const;

/** Reporting-source codes. */
export const CrwSource = {
  monitoring: 0x2,
  subchannel: 0x3,
  channelPath: 0x4,
  configurationAlert: 0x9,
  channelSubsystem: 0xb,
} as const;

/** Error-recovery codes. */
export const CrwRecovery = {
  eventPending: 0x00,
  available: 0x01,
  initialized: 0x02,
  temporaryError: 0x03,
  installedParametersInitialized: 0x04,
  terminal: 0x05,
  permanentErrorNotInitialized: 0x06,
  permanentErrorInitialized: 0x07,
  installedParametersModified: 0x08,
} as const;

/** A channel-report word: flags of {@link Crw}, source, error-recovery code and reporting-source ID. */
export function channelReportWord(flags: number, source: number, recovery: number, id: number): number {
  return (flags | (source << 24) | (recovery << 16) | id) >>> 0;
}
