/**
 * Measurement blocks of subchannels (Principles of Operation, chapter 17, "Measurement Block"): counts, then times
 * in units of 128 microseconds.
 */
export const measurementBlock0 = {
  startCount: 0,
  sampleCount: 2,
  deviceConnectTime: 4,
  functionPendingTime: 8,
  deviceDisconnectTime: 12,
  controlUnitQueuingTime: 16,
  deviceActiveOnlyTime: 20,
  size: 32,
} as const;

export const measurementBlock1 = {
  startCount: 0,
  sampleCount: 4,
  deviceConnectTime: 8,
  functionPendingTime: 12,
  deviceDisconnectTime: 16,
  controlUnitQueuingTime: 20,
  deviceActiveOnlyTime: 24,
  deviceBusyTime: 28,
  initialCommandResponseTime: 32,
  size: 64,
} as const;
