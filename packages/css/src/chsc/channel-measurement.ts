/**
 * SET CHANNEL MEASUREMENT and STORE CHANNEL MEASUREMENT CHARACTERISTICS: how much channel paths are used. Paths that
 * are only emulated have no characteristics that programs could interpret, and say so.
 */
import { ChscResponse, chsc } from '@zarch/arch';
import { type ChscTarget, type Response, SHORT_REQUEST } from './command.ts';

const SET_LENGTH = 0x50;
const PAGE_OFFSET = 0xfffn;
const CHARACTERISTICS_SIZE = 32;
const NOT_VALID = 0x8000_0000;

export function setChannelMeasurement(request: DataView, target: ChscTarget): Response {
  if (request.getUint16(chsc.length) !== SET_LENGTH) return { code: ChscResponse.requestError };
  const operation = request.getUint32(4) >>> 30;
  const reserved = (request.getUint32(4) & 0x3fff_ffff) !== 0 || (request.getUint32(8) & 0x0fff_ffff) !== 0;
  if (reserved || operation > 1) return { code: ChscResponse.requestError };
  const enable = operation === 0;
  if (enable === (target.measurement !== undefined)) return { code: ChscResponse.alreadySet };
  if (!enable) {
    target.measurement = undefined;
    return { code: ChscResponse.ok };
  }
  const blocks = [request.getBigUint64(12), request.getBigUint64(20)] as const;
  if (blocks.some((address) => (address & PAGE_OFFSET) !== 0n))
    return { code: ChscResponse.invalidBlockAddress };
  target.measurement = { key: request.getUint32(8) >>> 28, blocks };
  return { code: ChscResponse.ok };
}

export function storeMeasurementCharacteristics(request: DataView, target: ChscTarget): Response {
  const [first, last] = [request.getUint32(4), request.getUint32(8)];
  const reserved = first > 0xff || last > 0xff || request.getUint32(12) !== 0;
  if (request.getUint16(chsc.length) !== SHORT_REQUEST || reserved || last < first) {
    return { code: ChscResponse.requestError };
  }
  const room = Math.floor((chsc.blockSize - SHORT_REQUEST - chsc.size) / CHARACTERISTICS_SIZE);
  const paths = target.channelPaths(target.defaultCssid, first, last).slice(0, room);
  const bytes = new Uint8Array(paths.length * CHARACTERISTICS_SIZE);
  const data = new DataView(bytes.buffer);
  paths.forEach(({ chpid }, index) => {
    data.setUint32(index * CHARACTERISTICS_SIZE, NOT_VALID | chpid);
  });
  return { code: ChscResponse.ok, data: bytes };
}
