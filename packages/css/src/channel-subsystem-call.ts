/**
 * CHANNEL SUBSYSTEM CALL: commands that describe the channel subsystem and switch its facilities on
 * (Linux drivers/s390/cio/chsc.c, QEMU target/s390x/ioinst.c).
 */
import { ChscCommand, ChscResponse, chsc, DomainAttribute, GeneralCharacteristic } from '@zarch/arch';

/** What the commands see and change. */
export interface ChscTarget {
  /** Whether there is a channel subsystem of that identification. */
  present(cssid: number): boolean;
  enableMultipleChannelSubsystems(): void;
  enableMultipleSubchannelSets(): void;
}

/** A response: its code, and the words that follow its header. */
interface Response {
  readonly code: number;
  readonly parameter?: number;
  readonly data?: Uint8Array;
}

type Command = (request: DataView, target: ChscTarget) => Response;

const CHARACTERISTICS_SIZE = 4072;
const SCSC_LENGTH = 0x10;
const SCPD_LENGTH = 0x10;
const SEI_LENGTH = 0x10;
const SDA_LENGTH = 0x400;

/**
 * Executes the command.
 *
 * @param block - The 4096-byte command block.
 * @returns The response, to be stored after the request, or undefined for a length that causes an operand exception.
 */
export function channelSubsystemCall(
  block: Uint8Array,
  target: ChscTarget,
): { readonly offset: number; readonly response: Uint8Array } | undefined {
  const request = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const offset = request.getUint16(chsc.length);
  if (offset < chsc.minimumLength || offset > chsc.maximumLength || offset % 8 !== 0) return undefined;
  const execute = commands.get(request.getUint16(chsc.code));
  const { code, parameter, data } = execute?.(request, target) ?? { code: ChscResponse.unknownCommand };

  const response = new Uint8Array(chsc.size + (data?.length ?? 0));
  const header = new DataView(response.buffer);
  header.setUint16(chsc.length, response.length);
  header.setUint16(chsc.code, code);
  header.setUint32(4, parameter ?? 0);
  response.set(data ?? [], chsc.size);
  return { offset, response };
}

const commands: ReadonlyMap<number, Command> = new Map([
  [ChscCommand.storeChannelSubsystemCharacteristics, storeCharacteristics],
  [ChscCommand.storeChannelPathDescription, storeChannelPathDescription],
  [ChscCommand.storeEventInformation, storeEventInformation],
  [ChscCommand.setDomainAttributes, setDomainAttributes],
]);

function storeCharacteristics(request: DataView, target: ChscTarget): Response {
  const word = request.getUint32(4);
  if (request.getUint16(chsc.length) !== SCSC_LENGTH) return { code: ChscResponse.requestError };
  if ((word & 0x000f_0000) !== 0) return { code: ChscResponse.unsupportedFormat };
  if (!mayName((word >>> 8) & 0xff, (word & 0x2000_0000) !== 0, target)) {
    return { code: ChscResponse.invalidCssid };
  }
  const reserved = (word & 0xdff0_00ff) !== 0 || request.getUint32(8) !== 0 || request.getUint32(12) !== 0;
  if (reserved) return { code: ChscResponse.requestError };
  const data = new Uint8Array(CHARACTERISTICS_SIZE);
  for (const bit of Object.values(GeneralCharacteristic)) {
    data[bit >> 3] = (data[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  }
  return { code: ChscResponse.ok, data };
}

/** Describes the channel paths of a range, of which this channel subsystem has none. */
function storeChannelPathDescription(request: DataView, target: ChscTarget): Response {
  const [first, last] = [request.getUint32(4), request.getUint32(8)];
  const format = (first >>> 8) & 0xf;
  const parameter = format > 1 ? format : (first & 0x1000_0000) !== 0 ? 1 : 0;
  const reserved = (first & 0xc000_f000) !== 0 || (last & 0xffff_ff00) !== 0 || request.getUint32(12) !== 0;
  if (request.getUint16(chsc.length) !== SCPD_LENGTH || reserved) {
    return { code: ChscResponse.requestError, parameter };
  }
  if ((first & 0x0f00_0000) !== 0) return { code: ChscResponse.unsupportedFormat, parameter };
  if (!mayName((first >>> 16) & 0xff, (first & 0x2000_0000) !== 0, target)) {
    return { code: ChscResponse.invalidCssid, parameter };
  }
  const backwards = (last & 0xff) < (first & 0xff);
  return { code: backwards ? ChscResponse.requestError : ChscResponse.ok, parameter };
}

/** Nothing here has events. */
function storeEventInformation(request: DataView): Response {
  const valid = request.getUint16(chsc.length) === SEI_LENGTH;
  return { code: valid ? ChscResponse.noData : ChscResponse.requestError };
}

function setDomainAttributes(request: DataView, target: ChscTarget): Response {
  const word = request.getUint32(4);
  if (request.getUint16(chsc.length) !== SDA_LENGTH || (word & 0xf0ff_0000) !== 0) {
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

function mayName(cssid: number, named: boolean, target: ChscTarget): boolean {
  return cssid === 0 || (named && target.present(cssid));
}
