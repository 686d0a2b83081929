/** Device types, status bits and the features that belong to no device type (Virtual I/O Device 1.3, 2.1, 5, 6). */

export const DeviceType = {
  network: 1,
  block: 2,
  console: 3,
  entropy: 4,
  balloon: 5,
  ninePTransport: 9,
  socket: 19,
} as const;

export const DeviceStatus = {
  acknowledge: 0x01,
  driver: 0x02,
  driverOk: 0x04,
  featuresOk: 0x08,
  needsReset: 0x40,
  failed: 0x80,
} as const;

/** Numbers of feature bits. */
export const Feature = {
  /** Legacy: a driver may divide a request into buffers as it likes. */
  anyLayout: 27,
  indirectDescriptors: 28,
  eventIndex: 29,
  version1: 32,
  packedRing: 34,
  ringReset: 40,
} as const;

/** A set of features by their numbers. */
export function features(...bits: readonly number[]): bigint {
  return bits.reduce((set, bit) => set | (1n << BigInt(bit)), 0n);
}

/** Whether a feature is in a set. */
export function hasFeature(set: bigint, bit: number): boolean {
  return ((set >> BigInt(bit)) & 1n) === 1n;
}
