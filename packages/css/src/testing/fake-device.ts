/** A device with every kind of command, that remembers what it was asked, for tests. */
import { DeviceStatus, type Payload, Sense0, SubchannelStatus } from '@zarch/arch';
import type {
  AdapterDeviceControls,
  ChannelCommand,
  ChannelDevice,
  CommandData,
  CommandEnding,
  SenseId,
  StatusLine,
} from '../channel-device.ts';
import { commandEnd, unitCheck } from '../channel-device.ts';

/** The commands of the device, beside those that are answered for every device. */
export const FakeCommand = {
  /** Takes a block of {@link FakeDevice.blockLength} bytes. */
  write: 0x01,
  /** Gives the block {@link FakeDevice.block}. */
  read: 0x02,
  readBackward: 0x0c,
  /** Gives the block with a sense command of its own. */
  senseBlock: 0x14,
  /** Takes a block as a control command. */
  controlWithData: 0x07,
  /** Ends at once, without data. */
  control: 0x0b,
  /** Ends with status modifier when {@link FakeDevice.match} is set. */
  search: 0x31,
  /** Ends with unit check, without data. */
  reject: 0x1f,
  /** Gives half of the block, then ends with unit check. */
  readFailing: 0x12,
  /** Ends with unit exception and no data. */
  endOfFile: 0x22,
  /** Is not accepted. */
  busy: 0x2b,
  /** As read and write, but only once {@link FakeDevice.finish} is called. */
  readLater: 0x42,
  writeLater: 0x41,
  controlLater: 0x47,
  /** Ends the channel's part at once, and its own when {@link FakeDevice.finish} is called. */
  controlWorkingOn: 0x4b,
  /** Ends without status. */
  silent: 0x33,
  /** Breaks its promise. */
  failing: 0x43,
  /** Reports a channel-data check. */
  dataCheck: 0x52,
} as const;

/** Codes of all commands. */
export const fakeCommands: readonly number[] = Object.values(FakeCommand);

interface SavedFakeDevice {
  readonly block: Uint8Array;
  readonly senseBytes: Uint8Array;
}

const VERSION = 1;
const NO_SENSE = new Uint8Array(0);

export class FakeDevice implements ChannelDevice {
  readonly name = 'fake-device';
  readonly identification: SenseId = {
    controlUnitType: 0x3832,
    controlUnitModel: 1,
    deviceType: 0x1234,
    deviceModel: 2,
    commandInformation: [{ type: 0, command: 0x72, count: 64 }],
  };
  /** What read commands give. */
  block = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
  /** Bytes that write commands ask for. */
  blockLength = 16;
  match = false;
  /** What was asked of the device, in order. */
  readonly calls: string[] = [];
  /** What write and control commands took, in order. */
  readonly written: Uint8Array[] = [];
  /** Bytes of read commands that the program took, in order. */
  readonly accepted: number[] = [];
  controls: AdapterDeviceControls | undefined;
  line: StatusLine | undefined;
  #sense = NO_SENSE;
  readonly #unfinished: (() => void)[] = [];

  connect(line: StatusLine): void {
    this.line = line;
  }

  execute(command: ChannelCommand, data: CommandData): CommandEnding | Promise<CommandEnding> {
    this.calls.push(command.code.toString(16).padStart(2, '0'));
    switch (command.code) {
      case FakeCommand.control:
        return commandEnd;
      case FakeCommand.search:
        this.#take(data);
        return this.match ? { status: commandEnd.status | DeviceStatus.statusModifier } : commandEnd;
      case FakeCommand.readFailing:
        this.#give(data, this.block.length >> 1);
        return this.#fail(Sense0.dataCheck);
      case FakeCommand.endOfFile:
        return { status: commandEnd.status | DeviceStatus.unitException };
      case FakeCommand.busy:
        return { status: DeviceStatus.busy };
      case FakeCommand.silent:
        return { status: 0 };
      case FakeCommand.failing:
        return Promise.reject(new Error('the device failed'));
      case FakeCommand.dataCheck:
        this.#give(data);
        return { ...commandEnd, channelStatus: SubchannelStatus.channelDataCheck };
      case FakeCommand.controlWorkingOn: {
        const later = this.#later(() => DeviceStatus.deviceEnd);
        return { status: DeviceStatus.channelEnd, later };
      }
      case FakeCommand.readLater:
        return this.#later(() => this.#give(data));
      case FakeCommand.writeLater:
      case FakeCommand.controlLater:
        return this.#later(() => this.#take(data));
      case FakeCommand.write:
      case FakeCommand.controlWithData:
        return this.#take(data);
      case FakeCommand.read:
      case FakeCommand.readBackward:
      case FakeCommand.senseBlock:
        return this.#give(data);
      default:
        return this.#fail(Sense0.commandReject);
    }
  }

  /** Ends what was to end later. */
  async finish(): Promise<void> {
    for (const end of this.#unfinished.splice(0)) end();
    for (let turn = 0; turn < 4; turn++) await Promise.resolve();
  }

  sense(): Uint8Array {
    const bytes = this.#sense;
    this.#sense = NO_SENSE;
    return bytes.length === 0 ? new Uint8Array(32) : bytes;
  }

  halt(): void {
    this.calls.push('halt');
  }
  clear(): void {
    this.calls.push('clear');
    this.#sense = NO_SENSE;
  }
  reset(): void {
    this.calls.push('reset');
    this.#sense = NO_SENSE;
  }
  disabled(): void {
    this.calls.push('disabled');
  }
  setAdapterControls(controls: AdapterDeviceControls): void {
    this.controls = controls;
  }

  save(): Payload {
    const data: SavedFakeDevice = { block: this.block.slice(), senseBytes: this.#sense.slice() };
    return { name: this.name, version: VERSION, data };
  }
  restore(state: Payload): void {
    if (state.name !== this.name || state.version !== VERSION) {
      throw new RangeError(`${this.name} cannot restore version ${state.version} of ${state.name}`);
    }
    const saved = state.data as SavedFakeDevice;
    this.block = saved.block.slice();
    this.#sense = saved.senseBytes.slice();
  }

  #take(data: CommandData): CommandEnding {
    this.written.push(data.read(this.blockLength));
    return commandEnd;
  }

  #give(data: CommandData, length = this.block.length): CommandEnding {
    this.accepted.push(data.write(this.block.subarray(0, length)));
    return commandEnd;
  }

  #fail(reason: number): CommandEnding {
    this.#sense = new Uint8Array(32);
    this.#sense[0] = reason;
    return unitCheck;
  }

  #later<Result>(result: () => Result): Promise<Result> {
    return new Promise((resolve) => {
      this.#unfinished.push(() => resolve(result()));
    });
  }
}
