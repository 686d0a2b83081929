/** SET DOMAIN ATTRIBUTES: switches on what changes how programs name subchannels. */
import { ChscResponse, chsc, DomainAttribute } from '@zarch/arch';
import type { ChscTarget, Response } from './command.ts';

const LENGTH = 0x400;

export function setDomainAttributes(request: DataView, target: ChscTarget): Response {
  const word = request.getUint32(4);
  if (request.getUint16(chsc.length) !== LENGTH || (word & 0xf0ff_0000) !== 0) {
    return { code: ChscResponse.requestError };
  }
  if ((word & 0x0f00_0000) !== 0) return { code: ChscResponse.unsupportedFormat };
  switch (word & 0xffff) {
    case DomainAttribute.multipleChannelSubsystems:
      target.enableMultipleChannelSubsystems();
      return { code: ChscResponse.ok };
    case DomainAttribute.multipleSubchannelSets:
      target.enableMultipleSubchannelSets();
      return { code: ChscResponse.ok };
    default:
      return { code: ChscResponse.requestError };
  }
}
