/**
 * What the end of a command means for its channel program (Principles of Operation, chapter 15, "Command Chaining",
 * and chapter 16, "Incorrect Length").
 */
import { CcwFlag, DeviceStatus, SubchannelStatus } from '@zarch/arch';
import { type Ccw, type CommandKind, hasFlag } from './channel-command-word.ts';
import type { CommandEnding } from './channel-device.ts';
import type { OperationRequest } from './operation-request.ts';

/** The transfer as it stands when a command ends. */
export interface TransferResult {
  readonly ccw: Ccw;
  readonly residual: number;
  /** The check that ended it, or zero. */
  readonly status: number;
  readonly attempted: boolean;
  readonly excess: boolean;
}

const { channelEnd, deviceEnd, statusModifier, unitCheck } = DeviceStatus;

/** Whether the device accepted the command. */
export function commandAccepted(ending: CommandEnding): boolean {
  return (ending.status & channelEnd) !== 0;
}

/** Whether channel end came with the initial status. */
export function isImmediate(ending: CommandEnding, kind: CommandKind, transfer: TransferResult): boolean {
  if (ending.immediate !== undefined) return ending.immediate;
  return !transfer.attempted && (kind === 'control' || (ending.status & unitCheck) !== 0);
}

/** The subchannel status at the end of a command. */
export function endingStatus(
  ending: CommandEnding,
  kind: CommandKind,
  transfer: TransferResult,
  request: OperationRequest,
): number {
  const status = transfer.status | (ending.channelStatus ?? 0) | protocolError(ending);
  return incorrectLength(ending, kind, transfer, request)
    ? status | SubchannelStatus.incorrectLength
    : status;
}

/** A device that ends without status, or works on without saying until when, breaks the interface's rules. */
function protocolError(ending: CommandEnding): number {
  const promises = ending.later !== undefined || (ending.status & deviceEnd) !== 0;
  const valid = commandAccepted(ending) ? promises : ending.status !== 0;
  return valid ? 0 : SubchannelStatus.interfaceControlCheck;
}

function incorrectLength(
  ending: CommandEnding,
  kind: CommandKind,
  transfer: TransferResult,
  request: OperationRequest,
): boolean {
  if (!commandAccepted(ending) || transfer.status !== 0) return false;
  const chainData = hasFlag(transfer.ccw, CcwFlag.chainData);
  const suppressed = !chainData && hasFlag(transfer.ccw, CcwFlag.suppressLengthIndication);
  if (suppressed) return false;
  if (isImmediate(ending, kind, transfer)) {
    if (request.suppressImmediateLength || (ending.status & unitCheck) !== 0) return false;
    return transfer.residual !== 0;
  }
  return transfer.residual !== 0 || transfer.excess || chainData;
}

/** Whether the CCW asks for another command after its own. Data chaining comes before it. */
export function wantsChaining(ccw: Ccw): boolean {
  return hasFlag(ccw, CcwFlag.chainCommand) && !hasFlag(ccw, CcwFlag.chainData);
}

/** Whether status allows command chaining, once the device has ended. */
export function allowsChaining(deviceStatus: number, subchannelStatus: number): boolean {
  const unusual = deviceStatus & ~(channelEnd | deviceEnd | statusModifier);
  return unusual === 0 && subchannelStatus === 0 && (deviceStatus & deviceEnd) !== 0;
}

/** The CCW that command chaining makes current: the next one, or after status modifier the one after it. */
export function nextCommand(ccw: Ccw, deviceStatus: number): number {
  return ccw.address + ((deviceStatus & statusModifier) !== 0 ? 16 : 8);
}
