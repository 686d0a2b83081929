/** What is measured of the start functions of one subchannel (Principles of Operation, chapter 17). */
import { PmcwCharacteristic, PmcwFlag, ScswFlag } from '@zarch/arch';
import {
  blockTime,
  type ChannelMonitor,
  extendedMeasurementWord,
  type Measurement,
  NO_TIMES,
  OperationTimer,
  updateMeasurementBlock,
} from './channel-measurement.ts';
import type { ChannelStorage } from './channel-storage.ts';
import type { SubchannelInformation } from './subchannel-information.ts';

export interface MeasurementHost {
  readonly storage: ChannelStorage;
  readonly clock: (() => bigint) | undefined;
  /** What SET CHANNEL MONITOR set. */
  readonly monitor: ChannelMonitor;
}

export class OperationMeasurement {
  readonly #host: MeasurementHost;
  readonly #information: SubchannelInformation;
  readonly #timer: OperationTimer | undefined;
  #times = NO_TIMES;
  /** Bits of `SubchannelLogout` for a measurement block that could not be accessed. */
  logout = 0;

  constructor(host: MeasurementHost, information: SubchannelInformation) {
    this.#host = host;
    this.#information = information;
    this.#timer = host.clock && new OperationTimer(host.clock);
  }

  /** There is a clock to measure with. */
  get timing(): boolean {
    return this.#timer !== undefined;
  }

  /** A start or resume function begins. */
  start(): void {
    this.#timer?.start();
    this.#update({ kind: 'start' });
  }
  accepted(): void {
    this.#timer?.accepted();
  }
  channelEnd(): void {
    this.#timer?.channelEnd();
  }
  /** The start function has ended at the device. */
  deviceEnd(): void {
    if (this.#timer === undefined) return;
    this.#times = this.#timer.times();
    this.#update({ kind: 'sample', times: this.#times });
  }

  /** The device-connect time of the last start function in units of 128 microseconds, where the program wants it. */
  get connectTime(): number {
    const wanted = (this.#information.flags & PmcwFlag.deviceConnectTime) !== 0;
    return wanted && this.#host.monitor.deviceConnectTime ? blockTime(this.#times.connect) : 0;
  }

  /** The extended-measurement word, where the program wants it. */
  get extendedWord(): Uint8Array | undefined {
    const wanted = (this.#information.characteristics & PmcwCharacteristic.extendedMeasurementWord) !== 0;
    return wanted ? extendedMeasurementWord(this.#times) : undefined;
  }

  /** A block that cannot be accessed is told with the status, and is not updated again. */
  #update(measurement: Measurement): void {
    const { storage, monitor } = this.#host;
    const logout = updateMeasurementBlock(storage, this.#information, monitor, measurement);
    if (logout === 0) return;
    this.logout |= logout;
    this.#information.flags &= ~PmcwFlag.measurementBlockUpdate;
    this.#information.changeControl(0, ScswFlag.logout);
  }
}
