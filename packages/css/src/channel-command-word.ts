/**
 * Channel-command words: how they are fetched and which are valid (Principles of Operation, chapter 15,
 * "Channel-Command Word", and chapter 16, "Program Check").
 */
import { CcwCommand, CcwFlag, ccw0, ccw1, idaw, midaw, SubchannelStatus } from '@zarch/arch';
import type { ChannelStorage, StorageCheck } from './channel-storage.ts';
import type { OperationRequest } from './operation-request.ts';

export interface Ccw {
  /** Where it was fetched. */
  readonly address: number;
  readonly command: number;
  readonly flags: number;
  readonly count: number;
  readonly dataAddress: number;
}

/** How a CCW comes to be current. */
export type CcwRole = 'first' | 'command-chained' | 'data-chained';

/** What a command does with data, by the rightmost bits of its code. */
export type CommandKind = 'write' | 'read' | 'control' | 'sense' | 'read-backward';

/** A CCW that is not valid: the status, and the CCW address that goes with it. */
export interface CcwCheck {
  readonly status: StorageCheck;
  readonly programAddress: number;
}

const FORMAT0_LIMIT = 0x00ff_ffff;
const FORMAT1_LIMIT = 0x7fff_ffff;
const { programCheck } = SubchannelStatus;

/** The kind of a command; undefined for a code that is no command of a device. */
export function commandKind(code: number): CommandKind | undefined {
  switch (code & 3) {
    case 1:
      return 'write';
    case 2:
      return 'read';
    case 3:
      return 'control';
    default:
      return (code & 0xf) === 4 ? 'sense' : (code & 0xf) === 0xc ? 'read-backward' : undefined;
  }
}

export function isCcwCheck(result: Ccw | CcwCheck): result is CcwCheck {
  return 'status' in result;
}

export function hasFlag(ccw: Ccw, flag: number): boolean {
  return (ccw.flags & flag) !== 0;
}

/** The highest address that CCWs, and the addresses in them, can have. */
export function addressLimit(request: OperationRequest): number {
  return request.format1 ? FORMAT1_LIMIT : FORMAT0_LIMIT;
}

/** Fetches the CCW at an address, following one TRANSFER IN CHANNEL. What a CCW says is checked apart. */
export function fetchCcw(
  storage: ChannelStorage,
  request: OperationRequest,
  address: number,
  role: CcwRole,
): Ccw | CcwCheck {
  const ccw = readCcw(storage, request, address, address);
  if (isCcwCheck(ccw) || !isTransfer(ccw, request)) return ccw;
  if (role === 'first' || !validTransfer(ccw, request)) {
    return { status: programCheck, programAddress: address + ccw1.size };
  }
  const target = readCcw(storage, request, ccw.dataAddress, address);
  if (isCcwCheck(target) || !isTransfer(target, request)) return target;
  return { status: programCheck, programAddress: target.address + ccw1.size };
}

/** @param origin - The CCW that an error at `address` is said to come after. */
function readCcw(
  storage: ChannelStorage,
  request: OperationRequest,
  address: number,
  origin: number,
): Ccw | CcwCheck {
  const programAddress = origin + ccw1.size;
  if (address % ccw1.size !== 0 || address > addressLimit(request)) {
    return { status: programCheck, programAddress };
  }
  const bytes = storage.fetch(address, ccw1.size, request.key);
  if (typeof bytes === 'number') return { status: bytes, programAddress };
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!request.format1) {
    return {
      address,
      command: data.getUint8(ccw0.command),
      flags: data.getUint8(ccw0.flags),
      count: data.getUint16(ccw0.count),
      dataAddress: data.getUint32(ccw0.command) & FORMAT0_LIMIT,
    };
  }
  return {
    address,
    command: data.getUint8(ccw1.command),
    flags: data.getUint8(ccw1.flags),
    count: data.getUint16(ccw1.count),
    dataAddress: data.getUint32(ccw1.dataAddress),
  };
}

/** In format 0 the leftmost bits of the code are ignored; in format 1 they have to be zero. */
function isTransfer(ccw: Ccw, request: OperationRequest): boolean {
  return request.format1
    ? ccw.command === CcwCommand.transferInChannel
    : (ccw.command & 0xf) === CcwCommand.transferInChannel;
}

/** In format 1 all that TRANSFER IN CHANNEL does not use is zero. */
function validTransfer(ccw: Ccw, request: OperationRequest): boolean {
  return !request.format1 || (ccw.flags === 0 && ccw.count === 0 && ccw.dataAddress <= FORMAT1_LIMIT);
}

/** Whether a CCW may be executed in its place. */
export function validCcw(ccw: Ccw, request: OperationRequest, role: CcwRole): boolean {
  if (role !== 'data-chained' && commandKind(ccw.command) === undefined) return false;
  // Where the command code is not looked at, one that almost transfers in channel is.
  if (request.format1 && (ccw.command & 0xf) === CcwCommand.transferInChannel) return false;
  if (ccw.dataAddress > addressLimit(request)) return false;
  const chained = role === 'data-chained' || hasFlag(ccw, CcwFlag.chainData);
  if (ccw.count === 0 && (!request.format1 || chained)) return false;
  if (hasFlag(ccw, CcwFlag.suspend) && !maySuspend(request, role)) return false;
  return validIndirection(ccw, request);
}

/** Whether the suspend flag is valid. */
export function maySuspend(request: OperationRequest, role: CcwRole): boolean {
  return request.suspend && role !== 'data-chained';
}

function validIndirection(ccw: Ccw, request: OperationRequest): boolean {
  if (hasFlag(ccw, CcwFlag.modifiedIndirectAddressing)) {
    const allowed = request.midaw && !hasFlag(ccw, CcwFlag.indirectAddressing);
    return allowed && ccw.dataAddress % midaw.size === 0;
  }
  if (!hasFlag(ccw, CcwFlag.indirectAddressing)) return true;
  return ccw.dataAddress % (request.idaw64 ? idaw.format2Size : idaw.format1Size) === 0;
}
