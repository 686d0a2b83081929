/**
 * A subchannel and the functions that are performed at it (Principles of Operation, chapter 14, "I/O Instructions",
 * and chapter 15, "Basic I/O Functions").
 */
import {
  ActivityControl,
  DeviceStatus,
  FunctionControl,
  IoIdentification,
  ioInterruption,
  OrbControl,
  type Payload,
  PmcwFlag,
  ScswFlag,
  StatusControl,
  SubchannelStatus,
} from '@zarch/arch';
import type { ChannelDevice, StatusLine } from './channel-device.ts';
import { type ChannelPath, pathMask } from './channel-paths.ts';
import { ChannelProgram, type ProgramEnding, type ProgramPosition } from './channel-program.ts';
import { interruptionResponse } from './interruption-response.ts';
import type { InterruptionSource, IoInterruptions } from './io-interruptions.ts';
import { type MeasurementHost, OperationMeasurement } from './operation-measurement.ts';
import { operationRequest } from './operation-request.ts';
import { selectPath } from './path-selection.ts';
import { PendingStatus } from './pending-status.ts';
import type { ConditionCode } from './result.ts';
import { SubchannelInformation } from './subchannel-information.ts';
import { type SubchannelAddress, subchannelId } from './subsystem-identification.ts';

/** What a subchannel needs of its channel subsystem. */
export interface SubchannelHost extends MeasurementHost {
  readonly interruptions: IoInterruptions;
  readonly defer: ((work: () => void) => void) | undefined;
  readonly onDeviceError: (error: unknown) => void;
  /** What SET ADDRESS LIMIT set. */
  readonly addressLimit: number;
  /** The subsystem-identification word of a subchannel, as programs use it now. */
  subsystemId(address: SubchannelAddress): number;
}

export interface SubchannelOptions {
  readonly deviceNumber: number;
  /** Up to eight. */
  readonly paths: readonly ChannelPath[];
}

interface SavedSubchannel {
  readonly information: Uint8Array;
  readonly request: Uint8Array | undefined;
  readonly position: ProgramPosition | undefined;
  readonly sense: Uint8Array | undefined;
  readonly logout: number;
  readonly unsolicited: number | undefined;
  readonly device: Payload;
}

const VERSION = 2;
const { resumePending, startPending, subchannelActive, deviceActive, suspended } = ActivityControl;
const { alert, intermediate, primary, secondary, pending } = StatusControl;
const DEFERRED_CC_1 = 0x0100_0000;

export class Subchannel implements InterruptionSource, StatusLine {
  readonly name = 'subchannel';
  readonly address: SubchannelAddress;
  readonly id: number;
  readonly device: ChannelDevice;
  readonly paths: readonly ChannelPath[];
  readonly #host: SubchannelHost;
  readonly #deviceNumber: number;
  readonly #information = new SubchannelInformation();
  readonly #measurement: OperationMeasurement;
  readonly #status: PendingStatus;
  #request: Uint8Array | undefined;
  #program: ChannelProgram | undefined;
  /** Counts start functions and their ends by other means, so that a late device end is told from a current one. */
  #epoch = 0;

  constructor(
    address: SubchannelAddress,
    device: ChannelDevice,
    options: SubchannelOptions,
    host: SubchannelHost,
  ) {
    if (options.paths.length > 8) throw new RangeError('a subchannel has at most eight channel paths');
    this.address = address;
    this.id = subchannelId(address);
    this.device = device;
    this.paths = options.paths;
    this.#host = host;
    this.#deviceNumber = options.deviceNumber;
    this.#measurement = new OperationMeasurement(host, this.#information);
    this.#status = new PendingStatus(this.#information, device, host.interruptions, this);
    this.#initialize();
    device.connect?.(this);
  }

  get deviceNumber(): number {
    return this.#deviceNumber;
  }

  /** A command is being executed, or the device is still working: state saved now repeats the command. */
  get busy(): boolean {
    return this.#information.has(subchannelActive | deviceActive | startPending);
  }

  /** Its path that is used now; undefined when it is not active. */
  get activePath(): ChannelPath | undefined {
    if (!this.#information.has(subchannelActive)) return undefined;
    return this.paths[Math.clz32(this.#information.lastPathUsedMask) - 24];
  }

  /** The subchannel-information block, 52 bytes. */
  schib(): Uint8Array {
    this.#information.pathAvailableMask = this.#availablePaths();
    return this.#information.bytes.slice();
  }

  /** MODIFY SUBCHANNEL, with a block whose reserved bits are zero. */
  modify(block: Uint8Array): ConditionCode {
    if (this.#information.has(pending)) return 1;
    if (this.#information.functionControl !== 0) return 2;
    const { enabled } = this.#information;
    this.#information.modify(block);
    if (enabled && !this.#information.enabled) this.device.disabled?.();
    this.#status.addUnsolicited();
    return 0;
  }

  /** START SUBCHANNEL, with an operation-request block whose reserved bits are zero. */
  start(block: Uint8Array): ConditionCode {
    const information = this.#information;
    if (!information.enabled) return 3;
    if (information.has(pending)) return 1;
    if (information.functionControl !== 0) return 2;
    const request = operationRequest(block);
    if ((request.logicalPathMask & this.#availablePaths()) === 0) return 3;
    this.#request = block.slice();
    this.#status.sense = undefined;
    this.#measurement.logout = 0;
    information.logicalPathMask = request.logicalPathMask;
    information.interruptionParameter = request.interruptionParameter;
    information.startStatus(request.control, request.programAddress);
    this.#measurement.start();
    // A device that still works on an earlier command starts with its end.
    if (!information.has(deviceActive)) this.#begin();
    return 0;
  }

  /** TEST SUBCHANNEL: the interruption-response block, and the end of the pending status. */
  test(): { readonly cc: ConditionCode; readonly irb?: Uint8Array } {
    const information = this.#information;
    if (!information.enabled) return { cc: 3 };
    const irb = interruptionResponse({
      status: information.statusWord(),
      lastPathUsedMask: information.lastPathUsedMask,
      logout: this.#measurement.logout,
      connectTime: this.#measurement.connectTime,
      sense: this.#status.sense,
      measurement: this.#measurement.extendedWord,
    });
    if (!information.has(pending)) return { cc: 1, irb };
    if (this.#status.take()) this.#request = undefined;
    this.#measurement.logout = 0;
    this.#status.addUnsolicited();
    return { cc: 0, irb };
  }

  /** CLEAR SUBCHANNEL: the program and all status are gone. */
  clear(): ConditionCode {
    const information = this.#information;
    if (!information.enabled) return 3;
    this.#abandon();
    this.device.clear();
    this.#status.unsolicited = undefined;
    this.#status.withdraw();
    information.pathNotOperationalMask = 0;
    information.pathOperationalMask = 0xff;
    information.control = 0;
    information.programAddress = 0;
    information.clearStatus();
    this.#status.sense = undefined;
    this.#measurement.logout = 0;
    information.changeControl(0, FunctionControl.clear);
    this.#status.add(0);
    return 0;
  }

  /** HALT SUBCHANNEL. */
  halt(): ConditionCode {
    const information = this.#information;
    if (!information.enabled) return 3;
    const status = information.statusControl;
    if (status === pending || (status & (alert | primary | secondary)) !== 0) return 1;
    if (information.has(FunctionControl.halt | FunctionControl.clear)) return 2;
    this.#status.withdraw();
    const activity = information.activityControl;
    const program = this.#program;
    const residual = program?.residual ?? 0;
    if (program !== undefined) information.programAddress = program.address + 8;
    this.#abandon();
    this.device.halt();
    information.changeControl(ActivityControl.mask | StatusControl.mask, FunctionControl.halt);
    if ((activity & subchannelActive) !== 0) {
      information.deviceStatus = DeviceStatus.channelEnd | DeviceStatus.deviceEnd;
      information.count = residual;
      this.#status.add(primary | secondary);
    } else if ((activity & deviceActive) !== 0 && (activity & startPending) === 0) {
      information.deviceStatus = DeviceStatus.deviceEnd;
      this.#status.add(secondary);
    } else {
      this.#status.add(0);
    }
    return 0;
  }

  /** RESUME SUBCHANNEL. */
  resume(): ConditionCode {
    const information = this.#information;
    if (!information.enabled) return 3;
    if (information.has(pending)) return 1;
    const request = this.#request && operationRequest(this.#request);
    const startOnly = information.functionControl === FunctionControl.start;
    if (!startOnly || information.has(resumePending) || !request?.suspend) return 2;
    this.#measurement.start();
    information.changeControl(ScswFlag.pathNotOperational, resumePending);
    if (!information.has(suspended)) return 0;
    information.changeControl(resumePending | suspended, subchannelActive | deviceActive);
    this.#program?.resume();
    return 0;
  }

  /** CANCEL SUBCHANNEL: takes back what has not begun. */
  cancel(): ConditionCode {
    const information = this.#information;
    if (!information.enabled) return 3;
    if (information.has(pending)) return 1;
    const waits = information.has(startPending | resumePending | suspended);
    const startOnly = information.functionControl === FunctionControl.start;
    if (!startOnly || !waits || information.has(subchannelActive)) return 2;
    this.#program?.cancel();
    this.#program = undefined;
    information.changeControl(FunctionControl.start | startPending | resumePending | suspended, 0);
    information.clearStatus();
    return 0;
  }

  /** I/O-system reset. */
  reset(): void {
    this.#abandon();
    this.#status.withdraw();
    this.device.reset();
    this.#initialize();
  }

  /** The device is gone. */
  detach(): void {
    this.#abandon();
    this.#status.withdraw();
    this.device.reset();
  }

  /** A path was reset: what was going on there ends. */
  pathReset(path: ChannelPath): void {
    const active = this.activePath === path;
    if (this.paths.length === 1 && this.paths[0] === path) this.device.reset();
    if (!active) return;
    const programAddress = (this.#program?.address ?? 0) + 8;
    const residual = this.#program?.residual ?? 0;
    this.#abandon();
    this.#ended({
      deviceStatus: 0,
      subchannelStatus: SubchannelStatus.interfaceControlCheck,
      programAddress,
      residual,
      started: true,
      later: undefined,
    });
  }

  present(status: number): void {
    // A program that has status to take already needs no other alert.
    if (status === 0 && this.#information.has(pending)) return;
    this.#status.unsolicited = (this.#status.unsolicited ?? 0) | status;
    this.#status.addUnsolicited();
  }

  interruptionCode(): Uint8Array {
    const code = new Uint8Array(ioInterruption.size);
    const data = new DataView(code.buffer);
    data.setUint32(ioInterruption.subsystemId, this.#host.subsystemId(this.address));
    data.setUint32(ioInterruption.parameter, this.#information.interruptionParameter);
    const subclass = this.#information.interruptionSubclass << IoIdentification.subclass.shift;
    data.setUint32(ioInterruption.identification, subclass);
    return code;
  }

  save(): Payload {
    const data: SavedSubchannel = {
      information: this.#information.bytes.slice(),
      request: this.#request?.slice(),
      position: this.#program?.position,
      sense: this.#status.sense?.slice(),
      logout: this.#measurement.logout,
      unsolicited: this.#status.unsolicited,
      device: this.device.save(),
    };
    return { name: this.name, version: VERSION, data };
  }

  /**
   * Restores the state; a program goes on with {@link continueOperation}.
   *
   * @throws {RangeError} When another kind of object, or an unknown version, saved the state.
   */
  restore(state: Payload): void {
    if (state.name !== this.name || state.version !== VERSION) {
      throw new RangeError(`${this.name} cannot restore version ${state.version} of ${state.name}`);
    }
    const saved = state.data as SavedSubchannel;
    this.#abandon();
    this.#status.withdraw();
    this.#information.bytes.set(saved.information);
    this.#request = saved.request?.slice();
    this.#status.sense = saved.sense?.slice();
    this.#status.unsolicited = saved.unsolicited;
    this.#measurement.logout = saved.logout;
    this.device.restore(saved.device);
    if (saved.position !== undefined) this.#program = this.#makeProgram(saved.position);
  }

  /** Goes on with what was going on when the state was saved, once guest storage is restored too. */
  continueOperation(): void {
    if (this.#program !== undefined) this.#program.advance();
    else if (this.#information.has(deviceActive)) {
      this.#deviceEnd(DeviceStatus.deviceEnd, 0);
    }
  }

  #initialize(): void {
    this.#information.initialize({
      deviceNumber: this.#deviceNumber,
      channelPaths: this.paths.map((path) => path.chpid),
      timing: this.#measurement.timing,
    });
    this.#status.unsolicited = undefined;
    this.#status.sense = undefined;
    this.#measurement.logout = 0;
    this.#request = undefined;
  }

  #availablePaths(): number {
    return pathMask(this.paths, (path) => path.available);
  }

  /** Selects a path and executes the program. */
  #begin(): void {
    if (selectPath(this.#information, this.paths, this.#availablePaths())) {
      this.#program = this.#makeProgram();
      this.#program?.advance();
      return;
    }
    this.#information.changeControl(startPending, ScswFlag.deferredConditionCode);
    this.#status.add(alert | primary | secondary);
  }

  #makeProgram(position?: ProgramPosition): ChannelProgram | undefined {
    if (this.#request === undefined) return undefined;
    const request = operationRequest(this.#request);
    const { storage, defer, onDeviceError, addressLimit } = this.#host;
    const mode = this.#information.flags & PmcwFlag.limitMode;
    const limit = request.addressLimitChecking ? { limit: addressLimit, mode } : undefined;
    const environment = { storage, device: this.device, limit, defer, onDeviceError };
    const events = {
      accepted: (zeroStatus: boolean) => this.#accepted(zeroStatus),
      programControlledInterruption: (programAddress: number) => this.#programControlled(programAddress),
      takeResume: () => this.#takeResume(),
      suspended: (programAddress: number) => this.#suspend(programAddress),
      ended: (ending: ProgramEnding) => this.#ended(ending),
    };
    return new ChannelProgram(request, environment, events, position);
  }

  #accepted(zeroStatus: boolean): void {
    this.#measurement.accepted();
    this.#information.changeControl(startPending, subchannelActive | deviceActive);
    if (!zeroStatus || !this.#requests(OrbControl.initialStatusInterruption)) return;
    this.#information.changeControl(0, ScswFlag.zeroConditionCode);
    this.#status.add(intermediate);
  }

  #programControlled(programAddress: number): void {
    this.#information.programAddress = programAddress;
    this.#information.subchannelStatus |= SubchannelStatus.programControlledInterruption;
    this.#status.add(intermediate);
  }

  #takeResume(): boolean {
    if (!this.#information.has(resumePending)) return false;
    this.#information.changeControl(resumePending, 0);
    return true;
  }

  #suspend(programAddress: number): void {
    const information = this.#information;
    information.programAddress = programAddress;
    information.changeControl(startPending | subchannelActive | deviceActive, suspended);
    if (!this.#requests(OrbControl.suppressSuspendedInterruption)) this.#status.add(intermediate);
  }

  /** The program has ended: primary status, and with it secondary status unless the device works on. */
  #ended(ending: ProgramEnding): void {
    const information = this.#information;
    this.#program = undefined;
    this.#measurement.channelEnd();
    const working = ending.later === undefined ? 0 : deviceActive;
    information.changeControl(ActivityControl.mask, working);
    information.deviceStatus = ending.deviceStatus;
    information.subchannelStatus |= ending.subchannelStatus;
    information.programAddress = ending.programAddress;
    information.count = ending.residual;
    if (!ending.started) information.changeControl(0, DEFERRED_CC_1);
    if (ending.later === undefined) this.#measurement.deviceEnd();
    const status = primary | (working === 0 ? secondary : 0);
    this.#status.addEnding(status, ending.deviceStatus, information.subchannelStatus);
    if (ending.later !== undefined) this.#awaitDeviceEnd(ending.later);
  }

  #awaitDeviceEnd(later: Promise<number>): void {
    const epoch = this.#epoch;
    void later.then(
      (status) => {
        if (epoch === this.#epoch) this.#deviceEnd(status | DeviceStatus.deviceEnd, 0);
      },
      (error: unknown) => {
        if (epoch === this.#epoch) this.#deviceEnd(0, SubchannelStatus.interfaceControlCheck);
        this.#host.onDeviceError(error);
      },
    );
  }

  /** A device that went on by itself has ended. */
  #deviceEnd(status: number, subchannelStatus: number): void {
    const information = this.#information;
    information.changeControl(deviceActive, 0);
    this.#measurement.deviceEnd();
    if (information.has(startPending)) {
      this.#begin();
      return;
    }
    if (!information.has(primary)) information.clearStatus();
    information.deviceStatus |= status;
    information.subchannelStatus |= subchannelStatus;
    this.#status.addEnding(secondary, status, subchannelStatus);
  }

  /** Ends the program and forgets the device end that is still to come. */
  #abandon(): void {
    this.#program?.cancel();
    this.#program = undefined;
    this.#epoch++;
  }

  #requests(control: number): boolean {
    return this.#request !== undefined && (operationRequest(this.#request).control & control) !== 0;
  }
}
