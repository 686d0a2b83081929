/**
 * Channel-subsystem monitoring: measurement blocks and what they count (Principles of Operation, chapter 17,
 * "Channel-Subsystem Monitoring").
 */
import {
  emw,
  measurementBlock0,
  measurementBlock1,
  PmcwCharacteristic,
  PmcwFlag,
  SubchannelLogout,
  SubchannelStatus,
} from '@zarch/arch';
import type { ChannelStorage } from './channel-storage.ts';
import type { SubchannelInformation } from './subchannel-information.ts';

/** What SET CHANNEL MONITOR set. */
export interface ChannelMonitor {
  readonly key: number;
  readonly measurementBlockUpdate: boolean;
  readonly deviceConnectTime: boolean;
  /** Absolute address of the format-0 measurement blocks. */
  readonly origin: bigint;
}

export const NO_MONITOR: ChannelMonitor = {
  key: 0,
  measurementBlockUpdate: false,
  deviceConnectTime: false,
  origin: 0n,
};

/** Parts of the time that a start function took, in units of the TOD clock. */
export interface OperationTimes {
  readonly pending: bigint;
  readonly connect: bigint;
  readonly deviceActiveOnly: bigint;
}

export const NO_TIMES: OperationTimes = { pending: 0n, connect: 0n, deviceActiveOnly: 0n };

/** Bits of the TOD clock to the right of half a microsecond, and of 128 microseconds. */
const HALF_MICROSECOND = 11n;
const MICROSECONDS_128 = 19n;

/** A time in the units of measurement blocks. */
export function blockTime(time: bigint): number {
  return Number(BigInt.asUintN(32, time >> MICROSECONDS_128));
}

/** Follows a start function with a clock. */
export class OperationTimer {
  readonly #clock: () => bigint;
  #started = 0n;
  #accepted: bigint | undefined;
  #channelEnd: bigint | undefined;

  constructor(clock: () => bigint) {
    this.#clock = clock;
  }

  start(): void {
    this.#started = this.#clock();
    this.#accepted = undefined;
    this.#channelEnd = undefined;
  }
  accepted(): void {
    this.#accepted ??= this.#clock();
  }
  channelEnd(): void {
    this.#channelEnd = this.#clock();
  }

  /** The times up to now. */
  times(): OperationTimes {
    const now = this.#clock();
    const accepted = this.#accepted ?? now;
    const channelEnd = this.#channelEnd ?? now;
    return {
      pending: accepted - this.#started,
      connect: channelEnd - accepted,
      deviceActiveOnly: now - channelEnd,
    };
  }
}

/** The extended-measurement word. */
export function extendedMeasurementWord(times: OperationTimes): Uint8Array {
  const bytes = new Uint8Array(emw.size);
  const data = new DataView(bytes.buffer);
  const set = (offset: number, time: bigint) =>
    data.setUint32(offset, Number(BigInt.asUintN(32, time >> HALF_MICROSECOND)));
  set(emw.functionPendingTime, times.pending);
  set(emw.initialCommandResponseTime, times.pending);
  set(emw.deviceConnectTime, times.connect);
  set(emw.deviceActiveOnlyTime, times.deviceActiveOnly);
  return bytes;
}

/** What is added to a measurement block: a start, or a sample of times. */
export type Measurement =
  | { readonly kind: 'start' }
  | { readonly kind: 'sample'; readonly times: OperationTimes };

/**
 * Adds to the subchannel's measurement block, when measuring is on.
 *
 * @returns Zero, or the bit of the subchannel logout that says why the block could not be accessed.
 */
export function updateMeasurementBlock(
  storage: ChannelStorage,
  information: SubchannelInformation,
  monitor: ChannelMonitor,
  measurement: Measurement,
): number {
  if (!monitor.measurementBlockUpdate || (information.flags & PmcwFlag.measurementBlockUpdate) === 0)
    return 0;
  const format1 = (information.characteristics & PmcwCharacteristic.measurementBlockFormat) !== 0;
  const index = BigInt(information.measurementBlockIndex * measurementBlock0.size);
  const place = format1 ? information.measurementBlockAddress : monitor.origin + index;
  const address = Number(place);
  const size = format1 ? measurementBlock1.size : measurementBlock0.size;
  const bytes = storage.fetch(address, size, monitor.key);
  if (typeof bytes === 'number') return logout(bytes);
  const block = bytes.slice();
  add(new DataView(block.buffer), format1, measurement);
  const check = storage.store(address, block, monitor.key);
  return check === undefined ? 0 : logout(check);
}

function add(data: DataView, format1: boolean, measurement: Measurement): void {
  const count = (offset: number) =>
    format1
      ? data.setUint32(offset, data.getUint32(offset) + 1)
      : data.setUint16(offset, data.getUint16(offset) + 1);
  const layout = format1 ? measurementBlock1 : measurementBlock0;
  if (measurement.kind === 'start') {
    count(layout.startCount);
    return;
  }
  count(layout.sampleCount);
  const time = (offset: number, value: bigint) =>
    data.setUint32(offset, data.getUint32(offset) + blockTime(value));
  const { pending, connect, deviceActiveOnly } = measurement.times;
  time(layout.deviceConnectTime, connect);
  time(layout.functionPendingTime, pending);
  time(layout.deviceActiveOnlyTime, deviceActiveOnly);
  if (format1) time(measurementBlock1.initialCommandResponseTime, pending);
}

function logout(check: number): number {
  return check === SubchannelStatus.protectionCheck
    ? SubchannelLogout.measurementProtectionCheck
    : SubchannelLogout.measurementProgramCheck;
}
