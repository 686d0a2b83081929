/** The interruption-response block (Principles of Operation, chapter 16, "Interruption-Response Block"). */
import { ECW_SIZE, ExtendedReport, irb, irbField, SubchannelLogout } from '@zarch/arch';

export interface InterruptionResponse {
  /** The subchannel-status word. */
  readonly status: Uint8Array;
  readonly lastPathUsedMask: number;
  /** Bits of `SubchannelLogout`; zero unless the status word says that the extended status has format 0. */
  readonly logout: number;
  /** The time the device was connected, in units of 128 microseconds. */
  readonly connectTime: number;
  /** Sense bytes, if they come with the status. */
  readonly sense: Uint8Array | undefined;
  /** The extended-measurement word, if the subchannel stores it. */
  readonly measurement: Uint8Array | undefined;
}

/** 64 bytes, or 96 with the extended-measurement word. */
export function interruptionResponse(response: InterruptionResponse): Uint8Array {
  const bytes = new Uint8Array(response.measurement === undefined ? irb.size : irb.extendedSize);
  const data = new DataView(bytes.buffer);
  bytes.set(response.status, irbField.scsw);
  const path = response.lastPathUsedMask << 16;
  const low = response.logout === 0 ? response.connectTime & 0xffff : SubchannelLogout.lastPathUsedMaskValid;
  data.setUint32(irbField.esw, response.logout | path | low);
  if (response.sense !== undefined) {
    const sense = response.sense.subarray(0, ECW_SIZE);
    const count = sense.length << ExtendedReport.concurrentSenseCount.shift;
    data.setUint32(irbField.erw, ExtendedReport.concurrentSense | count);
    bytes.set(sense, irbField.ecw);
  }
  if (response.measurement !== undefined) bytes.set(response.measurement, irbField.emw);
  return bytes;
}
