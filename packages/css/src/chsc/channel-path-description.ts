/** STORE CHANNEL-PATH DESCRIPTION: the channel paths of a range. */
import { ChscResponse, channelPathDescription, chsc } from '@zarch/arch';
import type { ChannelPath } from '../channel-paths.ts';
import { type ChscTarget, mayName, type Response, SHORT_REQUEST } from './command.ts';

const { format0Size, format1Size } = channelPathDescription;

export function storeChannelPathDescription(request: DataView, target: ChscTarget): Response {
  const [first, last] = [request.getUint32(4), request.getUint32(8)];
  const format = (first >>> 8) & 0xf;
  const parameter = format > 1 ? format : (first & 0x1000_0000) !== 0 ? 1 : 0;
  const reserved = (first & 0xc000_f000) !== 0 || (last & 0xffff_ff00) !== 0 || request.getUint32(12) !== 0;
  if (request.getUint16(chsc.length) !== SHORT_REQUEST || reserved) {
    return { code: ChscResponse.requestError, parameter };
  }
  if ((first & 0x0f00_0000) !== 0 || parameter > 1)
    return { code: ChscResponse.unsupportedFormat, parameter };
  const cssid = (first >>> 16) & 0xff;
  const named = (first & 0x2000_0000) !== 0;
  if (!mayName(cssid, named, target)) return { code: ChscResponse.invalidCssid, parameter };
  if ((last & 0xff) < (first & 0xff)) return { code: ChscResponse.requestError, parameter };
  const paths = target.channelPaths(named ? cssid : target.defaultCssid, first & 0xff, last & 0xff);
  return { code: ChscResponse.ok, parameter, data: descriptions(paths, parameter === 1) };
}

function descriptions(paths: readonly ChannelPath[], format1: boolean): Uint8Array {
  const size = format1 ? format1Size : format0Size;
  const available = paths.filter((path) => path.available);
  const room = Math.floor((chsc.blockSize - SHORT_REQUEST - chsc.size) / size);
  const bytes = new Uint8Array(size * Math.min(available.length, room));
  const data = new DataView(bytes.buffer);
  available.slice(0, room).forEach(({ type, chpid, channel }, index) => {
    const at = index * size;
    data.setUint8(at + channelPathDescription.flags, channelPathDescription.valid);
    data.setUint8(at + channelPathDescription.type, type);
    data.setUint8(at + channelPathDescription.chpid, chpid);
    if (format1) data.setUint16(at + channelPathDescription.channel, channel);
  });
  return bytes;
}
