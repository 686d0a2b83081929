/** STORE CHANNEL-SUBSYSTEM CHARACTERISTICS: what the channel subsystem can do. */
import {
  CHSC_CHARACTERISTICS,
  ChscCharacteristic,
  ChscResponse,
  chsc,
  GeneralCharacteristic,
} from '@zarch/arch';
import { type ChscTarget, mayName, type Response, SHORT_REQUEST } from './command.ts';

const SIZE = 4072;

export function storeCharacteristics(request: DataView, target: ChscTarget): Response {
  const word = request.getUint32(4);
  if (request.getUint16(chsc.length) !== SHORT_REQUEST) return { code: ChscResponse.requestError };
  if ((word & 0x000f_0000) !== 0) return { code: ChscResponse.unsupportedFormat };
  if (!mayName((word >>> 8) & 0xff, (word & 0x2000_0000) !== 0, target)) {
    return { code: ChscResponse.invalidCssid };
  }
  const reserved = (word & 0xdff0_00ff) !== 0 || request.getUint32(8) !== 0 || request.getUint32(12) !== 0;
  if (reserved) return { code: ChscResponse.requestError };
  const data = new Uint8Array(SIZE);
  for (const bit of Object.values(GeneralCharacteristic)) setBit(data, bit);
  for (const bit of Object.values(ChscCharacteristic)) {
    const applies = bit !== ChscCharacteristic.setAdapterDeviceControls || target.adapterDevices;
    if (applies) setBit(data, 8 * CHSC_CHARACTERISTICS + bit);
  }
  return { code: ChscResponse.ok, data };
}

function setBit(bytes: Uint8Array, bit: number): void {
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
}
