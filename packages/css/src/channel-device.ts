/**
 * What an I/O device and its control unit are to the channel subsystem (Principles of Operation, chapter 13, "Input/
 * Output Devices", and chapter 16, "Device Status"). No device lives here.
 */
import { CIW_LIMIT, DeviceStatus, type Payload, type SubchannelStatus, senseId } from '@zarch/arch';
import type { CommandKind } from './channel-command-word.ts';

/** What SENSE ID says of a device. */
export interface SenseId {
  readonly controlUnitType: number;
  readonly controlUnitModel: number;
  readonly deviceType: number;
  readonly deviceModel: number;
  /** With a list, even an empty one, SENSE ID gives its extended data: at least eight bytes. */
  readonly commandInformation?: readonly CommandInformation[];
}

/** A command-information word. */
export interface CommandInformation {
  /** One of `CiwType`, up to 15. */
  readonly type: number;
  readonly command: number;
  readonly count: number;
}

export interface ChannelCommand {
  readonly code: number;
  readonly kind: CommandKind;
  /** A command before it was chained to it. */
  readonly chained: boolean;
}

/**
 * The bytes of a command, wherever the program has them. What is transferred, or tried, decides the residual count
 * and whether the length is incorrect: ask for exactly what the command transfers. After the command's end nothing
 * more is transferred.
 */
export interface CommandData {
  /** Bytes that the command's CCW designates; data chaining can add more. */
  readonly count: number;
  /**
   * For commands that write or control: the next bytes from the program. Fewer than `length` come where the program
   * has no more or its storage cannot be accessed; then the device ends the command.
   */
  read(length: number): Uint8Array;
  /**
   * For commands that read, read backward or sense: gives bytes to the program.
   *
   * @returns How many of them it took; fewer than were given for the reasons above.
   */
  write(bytes: Uint8Array): number;
  /**
   * The first bytes of the area that the command's CCW designates, as they are in storage now, for commands of
   * either direction. Nothing is transferred by it. Channels of hardware cannot do this, but the virtio standard has
   * a command that wants it.
   */
  peek(length: number): Uint8Array;
}

/** How a command ends at the device. */
export interface CommandEnding {
  /**
   * Bits of `DeviceStatus`. Without channel end the device did not accept the command; with channel end but without
   * device end it goes on working by itself.
   */
  readonly status: number;
  /** The status, with device end, of a device that goes on working by itself. */
  readonly later?: Promise<number>;
  /**
   * Whether channel end came at once, with no data asked for or offered. Default: so it was for a control command,
   * and for a command that ends with unit check, when the device neither read nor wrote.
   */
  readonly immediate?: boolean;
  /** What went wrong on the way to the device: bits of `SubchannelStatus` above those the channel subsystem finds. */
  readonly channelStatus?:
    | typeof SubchannelStatus.channelDataCheck
    | typeof SubchannelStatus.interfaceControlCheck
    | typeof SubchannelStatus.chainingCheck;
}

/** How a device reaches its subchannel by itself. */
export interface StatusLine {
  /**
   * Presents status that no command asked for, such as attention; zero alerts the program without any. It becomes
   * pending when the subchannel is enabled and has nothing else to do.
   */
  present(status: number): void;
}

/**
 * A device. NO-OPERATION, BASIC SENSE and SENSE ID are answered for it.
 *
 * Once one of `halt`, `clear` and `reset` is called the command is over, and its ending is ignored.
 */
export interface ChannelDevice {
  readonly identification: SenseId;
  /** Called when the device gets its subchannel. */
  connect?(line: StatusLine): void;
  /** Executes a command, at once or later. Errors of the program are its ending; what is thrown is an error here. */
  execute(command: ChannelCommand, data: CommandData): CommandEnding | Promise<CommandEnding>;
  /** Takes the sense bytes that explain the last unit check, at most 32; afterwards there are none. */
  sense(): Uint8Array;
  /** Stops the command in execution. */
  halt(): void;
  /** Stops the command in execution and forgets pending status. */
  clear(): void;
  /** System reset. */
  reset(): void;
  /** MODIFY SUBCHANNEL has disabled the subchannel. */
  disabled?(): void;
  /** Takes the addresses of its adapter-interruption indicators; a device without has no such method. */
  setAdapterControls?(controls: AdapterDeviceControls): void;
  save(): Payload;
  restore(state: Payload): void;
}

/** What SET ADAPTER DEVICE CONTROLS gives to a device with queues. Addresses of zero take them away. */
export interface AdapterDeviceControls {
  readonly summaryIndicator: bigint;
  readonly subchannelIndicator: bigint;
  /** Access keys for the two. */
  readonly summaryKey: number;
  readonly subchannelKey: number;
  readonly subclass: number;
}

/** The usual end of a command. */
export const commandEnd: CommandEnding = { status: DeviceStatus.channelEnd | DeviceStatus.deviceEnd };

/** The end of a command that sense bytes explain. */
export const unitCheck: CommandEnding = { status: commandEnd.status | DeviceStatus.unitCheck };

/** The data of SENSE ID. */
export function senseIdData(identification: SenseId): Uint8Array {
  const { commandInformation } = identification;
  const words = (commandInformation ?? []).slice(0, CIW_LIMIT);
  const size = commandInformation ? senseId.commandInformation + 4 * words.length : senseId.basicSize;
  const bytes = new Uint8Array(size);
  const data = new DataView(bytes.buffer);
  data.setUint8(senseId.marker, 0xff);
  data.setUint16(senseId.controlUnitType, identification.controlUnitType);
  data.setUint8(senseId.controlUnitModel, identification.controlUnitModel);
  data.setUint16(senseId.deviceType, identification.deviceType);
  data.setUint8(senseId.deviceModel, identification.deviceModel);
  words.forEach(({ type, command, count }, index) => {
    const word = 0x4000_0000 | ((type & 0xf) << 24) | ((command & 0xff) << 16) | (count & 0xffff);
    data.setUint32(senseId.commandInformation + 4 * index, word);
  });
  return bytes;
}
