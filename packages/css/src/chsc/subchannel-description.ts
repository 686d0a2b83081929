/** STORE SUBCHANNEL DESCRIPTION: devices and channel paths of the subchannels of a range. */
import { ChscResponse, chsc, subchannelDescription } from '@zarch/arch';
import { pathMask } from '../channel-paths.ts';
import type { Subchannel } from '../subchannel.ts';
import { type ChscTarget, type Response, SHORT_REQUEST } from './command.ts';

const { size } = subchannelDescription;
const ROOM = Math.floor((chsc.blockSize - SHORT_REQUEST - chsc.size) / size);

export function storeSubchannelDescription(request: DataView, target: ChscTarget): Response {
  const [first, last] = [request.getUint32(4), request.getUint32(8)];
  const reserved = (first & 0xffc0_0000) !== 0 || last > 0xffff || request.getUint32(12) !== 0;
  if (request.getUint16(chsc.length) !== SHORT_REQUEST || reserved)
    return { code: ChscResponse.requestError };
  if ((first & 0x000f_0000) !== 0) return { code: ChscResponse.unsupportedFormat };
  const ssid = (first >>> 20) & 3;
  const from = first & 0xffff;
  if (last < from || (ssid !== 0 && !target.multipleSubchannelSets))
    return { code: ChscResponse.requestError };
  const to = Math.min(last, target.lastSubchannel(ssid), from + ROOM - 1);
  const bytes = new Uint8Array(Math.max(0, to - from + 1) * size);
  for (let number = from; number <= to; number++) {
    const subchannel = target.subchannel(ssid, number);
    const view = new DataView(bytes.buffer, (number - from) * size, size);
    view.setUint16(subchannelDescription.subchannel, number);
    if (subchannel !== undefined) describe(view, subchannel);
  }
  return { code: ChscResponse.ok, data: bytes };
}

function describe(view: DataView, subchannel: Subchannel): void {
  const valid = subchannelDescription.subchannelValid | subchannelDescription.deviceValid;
  view.setUint8(subchannelDescription.flags, valid);
  view.setUint8(subchannelDescription.unitAddress, subchannel.deviceNumber & 0xff);
  view.setUint16(subchannelDescription.deviceNumber, subchannel.deviceNumber);
  view.setUint8(
    subchannelDescription.pathMask,
    pathMask(subchannel.paths, () => true),
  );
  subchannel.paths.forEach((path, index) => {
    view.setUint8(subchannelDescription.channelPaths + index, path.chpid);
  });
}
