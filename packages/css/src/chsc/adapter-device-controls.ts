/** SET ADAPTER DEVICE CONTROLS: where a device with queues sets its indicators. */
import { ChscResponse, chsc } from '@zarch/arch';
import type { ChscTarget, Response } from './command.ts';

const LENGTH = 0xfe0;
const SUMMARY_INDICATOR = 16;
const SUBCHANNEL_INDICATOR = 24;
const KEYS = 32;
const SUBCHANNEL = 44;

export function setAdapterDeviceControls(request: DataView, target: ChscTarget): Response {
  if (request.getUint16(chsc.length) !== LENGTH || request.getUint32(4) !== 0) {
    return { code: ChscResponse.requestError };
  }
  const subchannel = target.named(request.getUint32(SUBCHANNEL));
  if (subchannel?.device.setAdapterControls === undefined) {
    return { code: ChscResponse.subchannelNotSupported };
  }
  const keys = request.getUint32(KEYS);
  subchannel.device.setAdapterControls({
    summaryIndicator: request.getBigUint64(SUMMARY_INDICATOR),
    subchannelIndicator: request.getBigUint64(SUBCHANNEL_INDICATOR),
    summaryKey: keys >>> 28,
    subchannelKey: (keys >>> 24) & 0xf,
    subclass: keys & 7,
  });
  return { code: ChscResponse.ok };
}
