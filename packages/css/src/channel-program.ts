/**
 * The execution of a channel program (Principles of Operation, chapter 15, "Execution of I/O Operations").
 *
 * A program advances until it ends, is suspended, or waits for its device. How far it goes in one turn is bounded:
 * one that loops goes on later, where the host can have it called later, and ends with a program check otherwise.
 */
import { CcwCommand, CcwFlag, DeviceStatus, SubchannelStatus } from '@zarch/arch';
import type { AddressLimit } from './address-limit.ts';
import {
  type Ccw,
  type CcwCheck,
  type CcwRole,
  type CommandKind,
  commandKind,
  fetchCcw,
  hasFlag,
  isCcwCheck,
  maySuspend,
  validCcw,
} from './channel-command-word.ts';
import { type ChannelDevice, type CommandEnding, commandEnd, senseIdData } from './channel-device.ts';
import type { ChannelStorage } from './channel-storage.ts';
import {
  allowsChaining,
  commandAccepted,
  endingStatus,
  isImmediate,
  nextCommand,
  wantsChaining,
} from './command-ending.ts';
import { DataTransfer, type TransferContext } from './data-transfer.ts';
import type { OperationRequest } from './operation-request.ts';

/** How a program ended at the subchannel. */
export interface ProgramEnding {
  readonly deviceStatus: number;
  readonly subchannelStatus: number;
  readonly programAddress: number;
  readonly residual: number;
  /** A command was accepted; otherwise a deferred condition code tells of it. */
  readonly started: boolean;
  /** The status of a device that is still working. */
  readonly later: Promise<number> | undefined;
}

/** What a program tells its subchannel. */
export interface ProgramEvents {
  /** The first command was accepted. @param zeroStatus - Its ending is still to come, or came after data. */
  accepted(zeroStatus: boolean): void;
  /** A CCW with the flag for it became current. */
  programControlledInterruption(programAddress: number): void;
  /** Takes the pending resume function, if there is one. */
  takeResume(): boolean;
  suspended(programAddress: number): void;
  ended(ending: ProgramEnding): void;
}

export interface ProgramEnvironment {
  readonly storage: ChannelStorage;
  readonly device: ChannelDevice;
  readonly limit: AddressLimit | undefined;
  /** Has work done later, not before others had a turn. Without it, programs that loop are stopped. */
  readonly defer: ((work: () => void) => void) | undefined;
  /** Takes what a device threw instead of ending a command. */
  readonly onDeviceError: (error: unknown) => void;
}

/** Where a program is, when it is saved: it goes on with the command at `address`. */
export interface ProgramPosition {
  readonly address: number;
  readonly role: CcwRole;
  readonly started: boolean;
  readonly suspended: boolean;
}

/** Work is counted in CCWs and blocks of 4 KiB. */
const SLICE = 1024;
const LIMIT = 16384;
/** CCWs without data that a program which cannot be deferred may execute in a row. */
const IDLE_LIMIT = 255;

type Phase = 'fetch' | 'waiting' | 'deferred' | 'suspended' | 'ended';

export class ChannelProgram {
  readonly #request: OperationRequest;
  readonly #environment: ProgramEnvironment;
  readonly #events: ProgramEvents;
  #phase: Phase = 'fetch';
  #address: number;
  #role: CcwRole = 'first';
  #started = false;
  #work = 0;
  #idle = 0;
  #transfer: DataTransfer | undefined;

  constructor(
    request: OperationRequest,
    environment: ProgramEnvironment,
    events: ProgramEvents,
    position?: ProgramPosition,
  ) {
    this.#request = request;
    this.#environment = environment;
    this.#events = events;
    this.#address = position?.address ?? request.programAddress;
    if (position === undefined) return;
    this.#role = position.role;
    this.#started = position.started;
    if (position.suspended) this.#phase = 'suspended';
  }

  /** Where a restored program goes on; undefined when it has ended. */
  get position(): ProgramPosition | undefined {
    if (this.#phase === 'ended') return undefined;
    return {
      address: this.#address,
      role: this.#role,
      started: this.#started,
      suspended: this.#phase === 'suspended',
    };
  }

  /** The next or current command's CCW. */
  get address(): number {
    return this.#address;
  }

  /** Bytes that the current command has not transferred. */
  get residual(): number {
    return this.#transfer?.residual ?? 0;
  }

  /** Executes commands until the program ends or has to wait. */
  advance(): void {
    while (this.#phase === 'fetch') {
      if (this.#spent()) return;
      const ccw = this.#fetch();
      if (ccw !== undefined) this.#execute(ccw);
    }
  }

  /** Goes on after suspension, with the CCW that suspended the program. */
  resume(): void {
    if (this.#phase !== 'suspended') return;
    this.#phase = 'fetch';
    this.#work = 0;
    this.advance();
  }

  /** Ends without status: nothing more is transferred, and the device's ending is ignored. */
  cancel(): void {
    this.#phase = 'ended';
    this.#transfer?.close();
  }

  /** Accounts for one more CCW. */
  #spent(): boolean {
    this.#work++;
    this.#idle++;
    const { defer } = this.#environment;
    if (defer === undefined) {
      if (this.#work <= LIMIT && this.#idle <= IDLE_LIMIT) return false;
      this.#check({ status: SubchannelStatus.programCheck, programAddress: this.#address + 8 });
      return true;
    }
    if (this.#work <= SLICE) return false;
    this.#phase = 'deferred';
    defer(() => {
      if (this.#phase !== 'deferred') return;
      this.#phase = 'fetch';
      this.#work = 0;
      this.advance();
    });
    return true;
  }

  /** The next command; undefined when there is none to execute. */
  #fetch(): Ccw | undefined {
    const ccw = fetchCcw(this.#environment.storage, this.#request, this.#address, this.#role);
    if (isCcwCheck(ccw)) {
      this.#check(ccw);
      return undefined;
    }
    this.#address = ccw.address;
    const suspends = hasFlag(ccw, CcwFlag.suspend) && maySuspend(this.#request, this.#role);
    if (suspends && !this.#events.takeResume()) {
      this.#phase = 'suspended';
      this.#events.suspended(ccw.address + 8);
      return undefined;
    }
    if (validCcw(ccw, this.#request, this.#role)) return ccw;
    this.#check({ status: SubchannelStatus.programCheck, programAddress: ccw.address + 8 }, ccw.count);
    return undefined;
  }

  #execute(ccw: Ccw): void {
    const kind = commandKind(ccw.command);
    if (kind === undefined) throw new Error(`command ${ccw.command} was found valid`);
    this.#interruptFor(ccw);
    const transfer = new DataTransfer(this.#context(), ccw, kind);
    this.#transfer = transfer;
    const ending = this.#command(ccw, kind, transfer);
    if (!(ending instanceof Promise)) {
      this.#complete(ending, kind, transfer);
      return;
    }
    this.#phase = 'waiting';
    this.#accept(true);
    const complete = (result: CommandEnding) => {
      if (this.#phase !== 'waiting' || this.#transfer !== transfer) return;
      this.#complete(result, kind, transfer);
      this.advance();
    };
    void ending.then(complete, (error: unknown) => {
      complete(BROKEN);
      this.#environment.onDeviceError(error);
    });
  }

  /** Commands that mean the same to every device are answered for it. */
  #command(ccw: Ccw, kind: CommandKind, data: DataTransfer): CommandEnding | Promise<CommandEnding> {
    const { device } = this.#environment;
    switch (ccw.command) {
      case CcwCommand.noOperation:
        return commandEnd;
      case CcwCommand.basicSense:
        data.write(device.sense());
        return commandEnd;
      case CcwCommand.senseId:
        data.write(senseIdData(device.identification));
        return commandEnd;
      default:
        return device.execute({ code: ccw.command, kind, chained: this.#role === 'command-chained' }, data);
    }
  }

  #complete(ending: CommandEnding, kind: CommandKind, transfer: DataTransfer): void {
    transfer.close();
    const accepted = commandAccepted(ending);
    if (accepted) this.#accept(!isImmediate(ending, kind, transfer));
    const subchannelStatus = endingStatus(ending, kind, transfer, this.#request);
    const { ccw, programAddress } = transfer;
    if (wantsChaining(ccw) && accepted) {
      if (this.#awaitDeviceEnd(ending, subchannelStatus, transfer)) return;
      if (allowsChaining(ending.status, subchannelStatus)) {
        this.#chain(ccw, ending.status, transfer.attempted);
        return;
      }
    }
    const later = subchannelStatus & SubchannelStatus.interfaceControlCheck ? undefined : ending.later;
    this.#end({
      deviceStatus: ending.status,
      subchannelStatus,
      programAddress,
      residual: transfer.residual,
      started: this.#started,
      later: (ending.status & DeviceStatus.deviceEnd) === 0 ? later : undefined,
    });
  }

  /** Command chaining waits for device end. */
  #awaitDeviceEnd(ending: CommandEnding, subchannelStatus: number, transfer: DataTransfer): boolean {
    const { status, later } = ending;
    const mayChain = allowsChaining(status | DeviceStatus.deviceEnd, subchannelStatus);
    if (later === undefined || (status & DeviceStatus.deviceEnd) !== 0 || !mayChain) return false;
    this.#phase = 'waiting';
    const proceed = (laterStatus: number, failure: number) => {
      if (this.#phase !== 'waiting' || this.#transfer !== transfer) return;
      const deviceStatus = status | laterStatus;
      if (allowsChaining(deviceStatus, failure)) {
        this.#chain(transfer.ccw, deviceStatus, transfer.attempted);
        this.advance();
        return;
      }
      const { programAddress, residual } = transfer;
      const started = true;
      this.#end({
        deviceStatus,
        subchannelStatus: failure,
        programAddress,
        residual,
        started,
        later: undefined,
      });
    };
    void later.then(
      (laterStatus) => proceed(laterStatus | DeviceStatus.deviceEnd, 0),
      (error: unknown) => {
        proceed(0, SubchannelStatus.interfaceControlCheck);
        this.#environment.onDeviceError(error);
      },
    );
    return true;
  }

  #chain(ccw: Ccw, deviceStatus: number, progress: boolean): void {
    if (progress) this.#idle = 0;
    this.#address = nextCommand(ccw, deviceStatus);
    this.#role = 'command-chained';
    this.#phase = 'fetch';
  }

  #context(): TransferContext {
    const { storage, limit } = this.#environment;
    let work = 0;
    return {
      storage,
      request: this.#request,
      limit,
      chain: (ccw) => {
        work += 1 + (ccw.count >> 12);
        this.#work += 1 + (ccw.count >> 12);
        const programAddress = ccw.address + 16;
        if (work > LIMIT) return { status: SubchannelStatus.programCheck, programAddress };
        return this.#chainData(ccw.address + 8);
      },
    };
  }

  #chainData(address: number): Ccw | CcwCheck {
    const ccw = fetchCcw(this.#environment.storage, this.#request, address, 'data-chained');
    if (isCcwCheck(ccw)) return ccw;
    if (!validCcw(ccw, this.#request, 'data-chained')) {
      return { status: SubchannelStatus.programCheck, programAddress: ccw.address + 8 };
    }
    this.#interruptFor(ccw);
    return ccw;
  }

  #interruptFor(ccw: Ccw): void {
    if (hasFlag(ccw, CcwFlag.programControlledInterruption)) {
      this.#events.programControlledInterruption(ccw.address + 8);
    }
  }

  #accept(zeroStatus: boolean): void {
    if (this.#started) return;
    this.#started = true;
    this.#events.accepted(zeroStatus);
  }

  /** Ends with a CCW that was not executed. */
  #check(check: CcwCheck, residual = 0): void {
    this.#end({
      deviceStatus: 0,
      subchannelStatus: check.status,
      programAddress: check.programAddress,
      residual,
      started: this.#started,
      later: undefined,
    });
  }

  #end(ending: ProgramEnding): void {
    this.#phase = 'ended';
    this.#events.ended(ending);
  }
}

/** The ending of a command whose device failed. */
const BROKEN: CommandEnding = { status: 0 };
