/**
 * Status that is pending at a subchannel, until TEST SUBCHANNEL takes it (Principles of Operation, chapter 14, "Test
 * Subchannel", and chapter 16, "Subchannel-Status Word").
 */
import {
  ActivityControl,
  DeviceStatus,
  FunctionControl,
  PmcwCharacteristic,
  ScswFlag,
  StatusControl,
  SubchannelStatus,
} from '@zarch/arch';
import type { ChannelDevice } from './channel-device.ts';
import type { InterruptionSource, IoInterruptions } from './io-interruptions.ts';
import type { SubchannelInformation } from './subchannel-information.ts';

const NORMAL_STATUS = DeviceStatus.channelEnd | DeviceStatus.deviceEnd | DeviceStatus.statusModifier;
const { alert, intermediate, pending } = StatusControl;
const { resumePending, startPending, haltPending, clearPending, suspended } = ActivityControl;

export class PendingStatus {
  readonly #information: SubchannelInformation;
  readonly #device: ChannelDevice;
  readonly #interruptions: IoInterruptions;
  readonly #source: InterruptionSource;
  /** Sense bytes that come with the status. */
  sense: Uint8Array | undefined;
  /** Status that no command asked for and that waits for the subchannel to be idle. */
  unsolicited: number | undefined;

  constructor(
    information: SubchannelInformation,
    device: ChannelDevice,
    interruptions: IoInterruptions,
    source: InterruptionSource,
  ) {
    this.#information = information;
    this.#device = device;
    this.#interruptions = interruptions;
    this.#source = source;
  }

  /** Makes status pending, and with it an interruption. */
  add(status: number): void {
    this.#information.changeControl(0, pending | status);
    this.#interruptions.add(this.#information.interruptionSubclass, this.#source);
  }

  /** Makes the end of an operation pending; it is an alert if it is not the normal one. */
  addEnding(status: number, deviceStatus: number, subchannelStatus: number): void {
    this.#senseConcurrently(deviceStatus);
    this.add(status | (isUnusual(deviceStatus, subchannelStatus) ? alert : 0));
  }

  /** Makes unsolicited status pending, when the subchannel can have it. */
  addUnsolicited(): void {
    const information = this.#information;
    const status = this.unsolicited;
    if (status === undefined || !information.enabled) return;
    if (information.has(pending | FunctionControl.mask | ActivityControl.mask)) return;
    this.unsolicited = undefined;
    information.changeControl(ScswFlag.deferredConditionCode, 0);
    information.clearStatus();
    information.deviceStatus = status;
    this.#senseConcurrently(status);
    this.add(alert);
  }

  /** Withdraws the interruption. */
  withdraw(): void {
    this.#interruptions.remove(this.#information.interruptionSubclass, this.#source);
  }

  /** Clears what TEST SUBCHANNEL clears. @returns Whether the functions ended: intermediate status leaves them. */
  take(): boolean {
    const information = this.#information;
    this.withdraw();
    const isSuspended = information.has(suspended);
    const halted = information.has(FunctionControl.halt) && isSuspended;
    const ends = information.statusControl !== (intermediate | pending) || halted;
    if (ends) {
      const waiting = resumePending | startPending | haltPending | clearPending | suspended;
      information.changeControl(FunctionControl.mask | waiting, 0);
      information.changeControl(ScswFlag.deferredConditionCode | ScswFlag.pathNotOperational, 0);
    } else if (isSuspended) {
      information.changeControl(ScswFlag.pathNotOperational | resumePending, 0);
    }
    const flags = ScswFlag.zeroConditionCode | ScswFlag.extendedControl | ScswFlag.logout;
    information.changeControl(StatusControl.mask | flags, 0);
    information.subchannelStatus = 0;
    information.deviceStatus = 0;
    this.sense = undefined;
    return ends;
  }

  /** Takes the sense bytes together with unit check, where the program asked for it. */
  #senseConcurrently(deviceStatus: number): void {
    const wanted = (this.#information.characteristics & PmcwCharacteristic.concurrentSense) !== 0;
    if (!wanted || (deviceStatus & DeviceStatus.unitCheck) === 0) return;
    this.sense = this.#device.sense().slice();
    this.#information.changeControl(0, ScswFlag.extendedControl);
  }
}

function isUnusual(deviceStatus: number, subchannelStatus: number): boolean {
  const channel = subchannelStatus & ~SubchannelStatus.programControlledInterruption;
  return (deviceStatus & ~NORMAL_STATUS) !== 0 || channel !== 0;
}
