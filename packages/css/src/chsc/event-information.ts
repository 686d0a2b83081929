/** STORE EVENT INFORMATION: the event that has been waiting longest. */
import { ChscResponse, channelEvent, chsc } from '@zarch/arch';
import type { ChannelEvent } from '../channel-events.ts';
import { type ChscTarget, type Response, SHORT_REQUEST } from './command.ts';

const PCI_CONTENT = 56;
const PCI_CONTENT_CODE = 3;

export function storeEventInformation(request: DataView, target: ChscTarget): Response {
  if (request.getUint16(chsc.length) !== SHORT_REQUEST || request.getUint32(4) !== 0) {
    return { code: ChscResponse.requestError };
  }
  const taken = target.events.take(wantedTypes(request.getBigUint64(8)));
  if (taken === undefined) return { code: ChscResponse.noData };
  const data = information(taken.event);
  data[0] = (taken.more ? channelEvent.pending : 0) | (taken.lost ? channelEvent.overflow : 0);
  return { code: ChscResponse.ok, parameter: taken.event.type, data };
}

/** A program that does not know of types wants type 0. */
function wantedTypes(mask: bigint): ReadonlySet<number> {
  if (mask === 0n) return new Set([0]);
  return new Set([0, 2].filter((type) => (mask >> BigInt(63 - type)) & 1n));
}

function information(event: ChannelEvent): Uint8Array {
  const content = event.content ?? new Uint8Array(0);
  if (event.type === 2) {
    const bytes = new Uint8Array(PCI_CONTENT + content.length);
    bytes[PCI_CONTENT_CODE] = event.contentCode;
    bytes.set(content, PCI_CONTENT);
    return bytes;
  }
  const bytes = new Uint8Array(channelEvent.content + content.length);
  const data = new DataView(bytes.buffer);
  data.setUint8(channelEvent.source, event.source);
  data.setUint8(channelEvent.contentCode, event.contentCode);
  data.setUint16(channelEvent.sourceId, event.sourceId);
  bytes.set(content, channelEvent.content);
  return bytes;
}
