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
  PmcwCharacteristic,
  PmcwFlag,
  ScswFlag,
  StatusControl,
  SubchannelStatus,
} from '@zarch/arch';
import type { ChannelDevice, StatusLine } from './channel-device.ts';
import {
  blockTime,
  type ChannelMonitor,
  extendedMeasurementWord,
  type Measurement,
  NO_TIMES,
  OperationTimer,
  updateMeasurementBlock,
} from './channel-measurement.ts';
import { type ChannelPath, pathBit, pathMask, rotation } from './channel-paths.ts';
import { ChannelProgram, type ProgramEnding, type ProgramPosition } from './channel-program.ts';
import type { ChannelStorage } from './channel-storage.ts';
import { interruptionResponse } from './interruption-response.ts';
import type { InterruptionSource, IoInterruptions } from './io-interruptions.ts';
import { operationRequest } from './operation-request.ts';
import type { ConditionCode } from './result.ts';
import { SubchannelInformation } from './subchannel-information.ts';
import { type SubchannelAddress, subchannelId } from './subsystem-identification.ts';

/** What a subchannel needs of its channel subsystem. */
export interface SubchannelHost {
  readonly storage: ChannelStorage;
  readonly interruptions: IoInterruptions;
  readonly clock: (() => bigint) | undefined;
  readonly defer: ((work: () => void) => void) | undefined;
  readonly onDeviceError: (error: unknown) => void;
  /** What SET ADDRESS LIMIT and SET CHANNEL MONITOR set. */
  readonly addressLimit: number;
  readonly monitor: ChannelMonitor;
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
  readonly interruptionParameter: number;
  readonly sense: Uint8Array | undefined;
  readonly logout: number;
  readonly unsolicited: number;
  readonly device: Payload;
}

const VERSION = 1;
const NORMAL_STATUS = DeviceStatus.channelEnd | DeviceStatus.deviceEnd | DeviceStatus.statusModifier;
const { resumePending, startPending, subchannelActive, deviceActive, suspended } = ActivityControl;
const { alert, intermediate, primary, secondary, pending } = StatusControl;

export class Subchannel implements InterruptionSource, StatusLine {
  readonly name = 'subchannel';
  readonly address: SubchannelAddress;
  readonly id: number;
  readonly device: ChannelDevice;
  readonly paths: readonly ChannelPath[];
  readonly #host: SubchannelHost;
  readonly #deviceNumber: number;
  readonly #information = new SubchannelInformation();
  readonly #timer: OperationTimer | undefined;
  #request: Uint8Array | undefined;
  #program: ChannelProgram | undefined;
  /** Counts start functions and their ends by other means, so that a late device end is told from a current one. */
  #epoch = 0;
  #times = NO_TIMES;
  #sense: Uint8Array | undefined;
  #logout = 0;
  /** Status that no command asked for and that waits for the subchannel to be idle. */
  #unsolicited = 0;

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
    this.#timer = host.clock && new OperationTimer(host.clock);
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
    this.#information.modify(block);
    this.#presentUnsolicited();
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
    this.#sense = undefined;
    this.#logout = 0;
    information.logicalPathMask = request.logicalPathMask;
    information.interruptionParameter = request.interruptionParameter;
    information.startStatus(request.control, request.programAddress);
    this.#timer?.start();
    this.#measure({ kind: 'start' });
    // A device that still works on an earlier command starts with its end.
    if (!information.has(deviceActive)) this.#begin();
    return 0;
  }

  /** TEST SUBCHANNEL: the interruption-response block, and the end of the pending status. */
  test(): { readonly cc: ConditionCode; readonly irb?: Uint8Array } {
    const information = this.#information;
    if (!information.enabled) return { cc: 3 };
    const extended = (information.characteristics & PmcwCharacteristic.extendedMeasurementWord) !== 0;
    const timed =
      (information.flags & PmcwFlag.deviceConnectTime) !== 0 && this.#host.monitor.deviceConnectTime;
    const irb = interruptionResponse({
      status: information.statusWord(),
      lastPathUsedMask: information.lastPathUsedMask,
      logout: this.#logout,
      connectTime: timed ? blockTime(this.#times.connect) : 0,
      sense: this.#sense,
      measurement: extended ? extendedMeasurementWord(this.#times) : undefined,
    });
    if (!information.has(pending)) return { cc: 1, irb };
    this.#host.interruptions.remove(information.interruptionSubclass, this);
    this.#clearPendingStatus();
    this.#presentUnsolicited();
    return { cc: 0, irb };
  }

  /** CLEAR SUBCHANNEL: the program and all status are gone. */
  clear(): ConditionCode {
    const information = this.#information;
    if (!information.enabled) return 3;
    this.#abandon();
    this.device.clear();
    this.#unsolicited = 0;
    this.#withdraw();
    information.pathNotOperationalMask = 0;
    information.pathOperationalMask = 0xff;
    information.control = 0;
    information.programAddress = 0;
    information.clearStatus();
    this.#sense = undefined;
    this.#logout = 0;
    information.changeControl(0, FunctionControl.clear);
    this.#pend(0);
    return 0;
  }

  /** HALT SUBCHANNEL. */
  halt(): ConditionCode {
    const information = this.#information;
    if (!information.enabled) return 3;
    const status = information.statusControl;
    if (status === pending || (status & (alert | primary | secondary)) !== 0) return 1;
    if (information.has(FunctionControl.halt | FunctionControl.clear)) return 2;
    this.#withdraw();
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
      this.#pend(primary | secondary);
    } else if ((activity & deviceActive) !== 0 && (activity & startPending) === 0) {
      information.deviceStatus = DeviceStatus.deviceEnd;
      this.#pend(secondary);
    } else {
      this.#pend(0);
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
    this.#measure({ kind: 'start' });
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
    this.#withdraw();
    this.device.reset();
    this.#initialize();
  }

  /** The device is gone. */
  detach(): void {
    this.#abandon();
    this.#withdraw();
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
    this.#unsolicited |= status;
    this.#presentUnsolicited();
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
      interruptionParameter: this.#information.interruptionParameter,
      sense: this.#sense?.slice(),
      logout: this.#logout,
      unsolicited: this.#unsolicited,
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
    this.#withdraw();
    this.#information.bytes.set(saved.information);
    this.#request = saved.request?.slice();
    this.#sense = saved.sense?.slice();
    this.#logout = saved.logout;
    this.#unsolicited = saved.unsolicited;
    this.device.restore(saved.device);
    if (saved.position !== undefined) this.#program = this.#makeProgram(saved.position);
  }

  /** Goes on with what was going on when the state was saved, once guest storage is restored too. */
  continueOperation(): void {
    const information = this.#information;
    if (this.#program !== undefined) {
      this.#timer?.start();
      this.#program.advance();
    } else if (information.has(deviceActive)) {
      this.#deviceEnd(DeviceStatus.deviceEnd, 0);
    }
  }

  #initialize(): void {
    this.#information.initialize({
      deviceNumber: this.#deviceNumber,
      channelPaths: this.paths.map((path) => path.chpid),
      timing: this.#timer !== undefined,
    });
    this.#unsolicited = 0;
    this.#sense = undefined;
    this.#logout = 0;
    this.#request = undefined;
  }

  #availablePaths(): number {
    return pathMask(this.paths, (path) => path.available);
  }

  /** Selects a path and executes the program. */
  #begin(): void {
    const information = this.#information;
    const candidates = information.logicalPathMask & this.#availablePaths();
    const index = rotation(candidates, information.lastPathUsedMask).find((at) => this.#selects(at));
    if (index === undefined) {
      information.changeControl(startPending, ScswFlag.deferredConditionCode);
      this.#pend(alert | primary | secondary);
      return;
    }
    information.lastPathUsedMask = pathBit(index);
    this.#program = this.#makeProgram();
    this.#program?.advance();
  }

  /** Tries a path, and notes whether it is operational. */
  #selects(index: number): boolean {
    const information = this.#information;
    const bit = pathBit(index);
    const operational = this.paths[index]?.operational === true;
    if (operational) {
      information.pathNotOperationalMask &= ~bit;
      information.pathOperationalMask |= bit;
    } else {
      information.pathNotOperationalMask |= bit;
      information.pathOperationalMask &= ~bit;
      information.changeControl(0, ScswFlag.pathNotOperational);
    }
    return operational;
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
    this.#timer?.accepted();
    this.#information.changeControl(startPending, subchannelActive | deviceActive);
    if (!zeroStatus || !this.#requests(OrbControl.initialStatusInterruption)) return;
    this.#information.changeControl(0, ScswFlag.zeroConditionCode);
    this.#pend(intermediate);
  }

  #programControlled(programAddress: number): void {
    this.#information.programAddress = programAddress;
    this.#information.subchannelStatus |= SubchannelStatus.programControlledInterruption;
    this.#pend(intermediate);
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
    if (!this.#requests(OrbControl.suppressSuspendedInterruption)) this.#pend(intermediate);
  }

  /** The program has ended: primary status, and with it secondary status unless the device works on. */
  #ended(ending: ProgramEnding): void {
    const information = this.#information;
    this.#program = undefined;
    this.#timer?.channelEnd();
    const working = ending.later === undefined ? 0 : deviceActive;
    information.changeControl(ActivityControl.mask, working);
    information.deviceStatus = ending.deviceStatus;
    information.subchannelStatus |= ending.subchannelStatus;
    information.programAddress = ending.programAddress;
    information.count = ending.residual;
    if (!ending.started) information.changeControl(0, DEFERRED_CC_1);
    this.#senseConcurrently(ending.deviceStatus);
    if (ending.later === undefined) this.#sample();
    const unusual = isUnusual(ending.deviceStatus, information.subchannelStatus);
    this.#pend(primary | (working === 0 ? secondary : 0) | (unusual ? alert : 0));
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
    this.#sample();
    if (information.has(startPending)) {
      this.#begin();
      return;
    }
    if (!information.has(primary)) information.clearStatus();
    information.deviceStatus |= status;
    information.subchannelStatus |= subchannelStatus;
    this.#senseConcurrently(status);
    this.#pend(secondary | (isUnusual(status, subchannelStatus) ? alert : 0));
  }

  /** Takes the sense bytes together with unit check, where the program asked for it. */
  #senseConcurrently(deviceStatus: number): void {
    const wanted = (this.#information.characteristics & PmcwCharacteristic.concurrentSense) !== 0;
    if (!wanted || (deviceStatus & DeviceStatus.unitCheck) === 0) return;
    this.#sense = this.device.sense().slice();
    this.#information.changeControl(0, ScswFlag.extendedControl);
  }

  #presentUnsolicited(): void {
    const information = this.#information;
    if (this.#unsolicited === 0 || !information.enabled) return;
    if (information.has(pending | FunctionControl.mask | ActivityControl.mask)) return;
    const status = this.#unsolicited;
    this.#unsolicited = 0;
    information.changeControl(DEFERRED_CC_MASK, 0);
    information.clearStatus();
    information.deviceStatus = status;
    this.#senseConcurrently(status);
    this.#pend(alert);
  }

  /** Makes status pending, and with it an interruption. */
  #pend(status: number): void {
    this.#information.changeControl(0, pending | status);
    this.#host.interruptions.add(this.#information.interruptionSubclass, this);
  }

  #withdraw(): void {
    this.#host.interruptions.remove(this.#information.interruptionSubclass, this);
  }

  /** What TEST SUBCHANNEL clears; intermediate status alone leaves the function going on. */
  #clearPendingStatus(): void {
    const information = this.#information;
    const isSuspended = information.has(suspended);
    const halting = information.has(FunctionControl.halt);
    if (information.statusControl !== (intermediate | pending) || (halting && isSuspended)) {
      const waiting =
        resumePending | startPending | ActivityControl.haltPending | ActivityControl.clearPending;
      information.changeControl(FunctionControl.mask | waiting | suspended | DEFERRED_CC_MASK, 0);
      information.changeControl(ScswFlag.pathNotOperational, 0);
      this.#request = undefined;
    } else if (isSuspended) {
      information.changeControl(ScswFlag.pathNotOperational | resumePending, 0);
    }
    const cleared =
      StatusControl.mask | ScswFlag.zeroConditionCode | ScswFlag.extendedControl | ScswFlag.logout;
    information.changeControl(cleared, 0);
    information.subchannelStatus = 0;
    information.deviceStatus = 0;
    this.#sense = undefined;
    this.#logout = 0;
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

  #sample(): void {
    if (this.#timer === undefined) return;
    this.#times = this.#timer.times();
    this.#measure({ kind: 'sample', times: this.#times });
  }

  /** A block that cannot be accessed is told with the status, and is not updated again. */
  #measure(measurement: Measurement): void {
    const { storage, monitor } = this.#host;
    const logout = updateMeasurementBlock(storage, this.#information, monitor, measurement);
    if (logout === 0) return;
    this.#logout |= logout;
    this.#information.flags &= ~PmcwFlag.measurementBlockUpdate;
    this.#information.changeControl(0, ScswFlag.logout);
  }
}

const DEFERRED_CC_MASK = ScswFlag.deferredConditionCode;
const DEFERRED_CC_1 = 0x0100_0000;

/** Status that is not the normal end of an operation. */
function isUnusual(deviceStatus: number, subchannelStatus: number): boolean {
  const channel = subchannelStatus & ~SubchannelStatus.programControlledInterruption;
  return (deviceStatus & ~NORMAL_STATUS) !== 0 || channel !== 0;
}
