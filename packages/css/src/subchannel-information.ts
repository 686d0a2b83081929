/**
 * The state of a subchannel as STORE SUBCHANNEL shows it: path-management control, subchannel status, measurement
 * block (Principles of Operation, chapter 15, "Subchannel-Information Block").
 */
import {
  ActivityControl,
  FunctionControl,
  PmcwCharacteristic,
  PmcwFlag,
  ScswFlag,
  StatusControl,
  schib,
  scsw,
} from '@zarch/arch';

/** What MODIFY SUBCHANNEL changes in the flags and in the last word of the path-management control. */
const MODIFIABLE_FLAGS =
  PmcwFlag.interruptionSubclass |
  PmcwFlag.enabled |
  PmcwFlag.limitMode |
  PmcwFlag.measurementMode |
  PmcwFlag.multipath;
const MODIFIABLE_CHARACTERISTICS =
  PmcwCharacteristic.measurementBlockFormat |
  PmcwCharacteristic.extendedMeasurementWord |
  PmcwCharacteristic.concurrentSense;

const STATUS = schib.status;
const ALL_PATHS = 0xff;

/** What a subchannel has that no program changes. */
export interface InstalledParameters {
  readonly deviceNumber: number;
  /** Identifications of up to eight channel paths. */
  readonly channelPaths: readonly number[];
  /** There is a clock to measure with. */
  readonly timing: boolean;
}

export class SubchannelInformation {
  readonly bytes: Uint8Array = new Uint8Array(schib.size);
  readonly #data = new DataView(this.bytes.buffer);

  /** The state after I/O-system reset. */
  initialize(installed: InstalledParameters): void {
    this.bytes.fill(0);
    const timing = installed.timing ? PmcwFlag.timing : 0;
    this.#data.setUint16(schib.flags, PmcwFlag.deviceNumberValid | timing);
    this.#data.setUint16(schib.deviceNumber, installed.deviceNumber);
    const installedMask = (0xff00 >> installed.channelPaths.length) & 0xff;
    this.#data.setUint8(schib.pathInstalledMask, installedMask);
    this.#data.setUint8(schib.logicalPathMask, installedMask);
    this.#data.setUint8(schib.pathOperationalMask, ALL_PATHS);
    this.bytes.set(installed.channelPaths, schib.channelPaths);
  }

  /** Takes what MODIFY SUBCHANNEL may change from a block. */
  modify(block: Uint8Array): void {
    const data = new DataView(block.buffer, block.byteOffset, block.byteLength);
    this.interruptionParameter = data.getUint32(schib.interruptionParameter);
    const flags = this.flags & ~MODIFIABLE_FLAGS;
    this.flags = flags | (data.getUint16(schib.flags) & MODIFIABLE_FLAGS);
    this.logicalPathMask = data.getUint8(schib.logicalPathMask);
    this.pathOperationalMask = data.getUint8(schib.pathOperationalMask);
    this.#data.setUint16(schib.measurementBlockIndex, data.getUint16(schib.measurementBlockIndex));
    const characteristics = this.characteristics & ~MODIFIABLE_CHARACTERISTICS;
    const modified = data.getUint32(schib.characteristics) & MODIFIABLE_CHARACTERISTICS;
    this.#data.setUint32(schib.characteristics, characteristics | modified);
    const address = data.getBigUint64(schib.measurementBlockAddress);
    this.#data.setBigUint64(schib.measurementBlockAddress, address);
  }

  get interruptionParameter(): number {
    return this.#data.getUint32(schib.interruptionParameter);
  }
  set interruptionParameter(value: number) {
    this.#data.setUint32(schib.interruptionParameter, value);
  }
  /** The flags halfword, with the bits of `PmcwFlag`. */
  get flags(): number {
    return this.#data.getUint16(schib.flags);
  }
  set flags(value: number) {
    this.#data.setUint16(schib.flags, value);
  }
  get interruptionSubclass(): number {
    return (this.flags & PmcwFlag.interruptionSubclass) >> 11;
  }
  get enabled(): boolean {
    return (this.flags & PmcwFlag.enabled) !== 0;
  }
  get deviceNumber(): number {
    return this.#data.getUint16(schib.deviceNumber);
  }
  /** The word with the bits of `PmcwCharacteristic`. */
  get characteristics(): number {
    return this.#data.getUint32(schib.characteristics);
  }
  get logicalPathMask(): number {
    return this.#data.getUint8(schib.logicalPathMask);
  }
  set logicalPathMask(value: number) {
    this.#data.setUint8(schib.logicalPathMask, value);
  }
  get pathNotOperationalMask(): number {
    return this.#data.getUint8(schib.pathNotOperationalMask);
  }
  set pathNotOperationalMask(value: number) {
    this.#data.setUint8(schib.pathNotOperationalMask, value);
  }
  get lastPathUsedMask(): number {
    return this.#data.getUint8(schib.lastPathUsedMask);
  }
  set lastPathUsedMask(value: number) {
    this.#data.setUint8(schib.lastPathUsedMask, value);
  }
  get pathInstalledMask(): number {
    return this.#data.getUint8(schib.pathInstalledMask);
  }
  get pathOperationalMask(): number {
    return this.#data.getUint8(schib.pathOperationalMask);
  }
  set pathOperationalMask(value: number) {
    this.#data.setUint8(schib.pathOperationalMask, value);
  }
  get pathAvailableMask(): number {
    return this.#data.getUint8(schib.pathAvailableMask);
  }
  set pathAvailableMask(value: number) {
    this.#data.setUint8(schib.pathAvailableMask, value);
  }
  get measurementBlockIndex(): number {
    return this.#data.getUint16(schib.measurementBlockIndex);
  }
  get measurementBlockAddress(): bigint {
    return this.#data.getBigUint64(schib.measurementBlockAddress);
  }

  /** The first word of the subchannel-status word. */
  get control(): number {
    return this.#data.getUint32(STATUS + scsw.control);
  }
  set control(value: number) {
    this.#data.setUint32(STATUS + scsw.control, value);
  }
  get functionControl(): number {
    return this.control & FunctionControl.mask;
  }
  get activityControl(): number {
    return this.control & ActivityControl.mask;
  }
  get statusControl(): number {
    return this.control & StatusControl.mask;
  }
  /** Changes bits of the first word: `off` first, then `on`. */
  changeControl(off: number, on: number): void {
    this.control = ((this.control & ~off) | on) >>> 0;
  }
  has(bits: number): boolean {
    return (this.control & bits) !== 0;
  }
  get programAddress(): number {
    return this.#data.getUint32(STATUS + scsw.programAddress);
  }
  set programAddress(value: number) {
    this.#data.setUint32(STATUS + scsw.programAddress, value);
  }
  get deviceStatus(): number {
    return this.#data.getUint8(STATUS + scsw.deviceStatus);
  }
  set deviceStatus(value: number) {
    this.#data.setUint8(STATUS + scsw.deviceStatus, value);
  }
  get subchannelStatus(): number {
    return this.#data.getUint8(STATUS + scsw.subchannelStatus);
  }
  set subchannelStatus(value: number) {
    this.#data.setUint8(STATUS + scsw.subchannelStatus, value);
  }
  set count(value: number) {
    this.#data.setUint16(STATUS + scsw.count, value);
  }

  /** Sets status and count to zero. */
  clearStatus(): void {
    this.bytes.fill(0, STATUS + scsw.deviceStatus, STATUS + scsw.size);
  }

  /** A copy of the subchannel-status word. */
  statusWord(): Uint8Array {
    return this.bytes.slice(STATUS, STATUS + scsw.size);
  }

  /** Begins a start function: the word holds what the operation request says and no status. */
  startStatus(requestControl: number, programAddress: number): void {
    const kept = this.control & ActivityControl.deviceActive;
    const pending = FunctionControl.start | ActivityControl.startPending;
    this.control = (((requestControl & REQUEST_CONTROLS) << 16) | kept | pending) >>> 0;
    this.programAddress = programAddress;
    this.clearStatus();
  }
}

/** Controls of the operation request that the subchannel-status word repeats, in the same places. */
const REQUEST_CONTROLS =
  (ScswFlag.key |
    ScswFlag.suspendControl |
    ScswFlag.format1 |
    ScswFlag.prefetch |
    ScswFlag.initialStatusInterruption |
    ScswFlag.addressLimitChecking |
    ScswFlag.suppressSuspendedInterruption) >>>
  16;
