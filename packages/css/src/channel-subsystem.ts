/**
 * The channel subsystem, as I/O instructions see it (Principles of Operation, chapter 14, "I/O Instructions").
 *
 * Operands come as register contents and bytes. The privileged-operation, specification and access exceptions of
 * an instruction are its caller's; operand exceptions are found here, and before any condition code.
 */
import { Crw, CrwRecovery, type Payload, schib } from '@zarch/arch';
import type { ChannelEvent } from './channel-events.ts';
import { type ChannelMonitor, NO_MONITOR } from './channel-measurement.ts';
import { channelSubsystemCall } from './channel-subsystem-call.ts';
import type { ChannelMeasurement, ChscTarget } from './chsc/command.ts';
import { IoConfiguration, NOTHING_ENABLED } from './io-configuration.ts';
import type { SavedIoInterruptions } from './io-interruptions.ts';
import { channelPathReport } from './machine-reports.ts';
import { validOrb, validSchib } from './operand-check.ts';
import {
  type ConditionCode,
  conditionCode,
  type IoControlResult,
  type IoResult,
  operandException,
} from './result.ts';
import type { Subchannel } from './subchannel.ts';
import {
  type EnabledFacilities,
  type SubchannelAddress,
  subchannelAddress,
  subchannelOfId,
} from './subsystem-identification.ts';

const VERSION = 3;
const CHANNEL_PATHS_SIZE = 32;

interface SavedChannelSubsystem {
  readonly enabled: EnabledFacilities;
  readonly addressLimit: number;
  readonly monitor: ChannelMonitor;
  readonly measurement: ChannelMeasurement | undefined;
  readonly reports: readonly number[];
  readonly events: readonly ChannelEvent[];
  readonly unavailablePaths: readonly (readonly [number, number])[];
  readonly adapters: Payload;
  readonly interruptions: SavedIoInterruptions;
  readonly subchannels: readonly (readonly [number, Payload])[];
}

export class ChannelSubsystem extends IoConfiguration {
  readonly name = 'css';
  #measurement: ChannelMeasurement | undefined;

  /** Whether channel reports wait to be stored. */
  get reportPending(): boolean {
    return this.reports.words.length > 0;
  }

  /** The subclasses with an interruption pending, as in byte 4 of control register 6. */
  get pendingSubclasses(): number {
    return this.interruptions.pendingSubclasses;
  }

  /** Takes the interruption of highest priority among subclasses: its 12-byte code. */
  takeInterruption(subclasses: number): Uint8Array | undefined {
    return this.interruptions.take(subclasses);
  }

  /** A command is in execution somewhere: state saved now repeats it when it is restored. */
  get busy(): boolean {
    return [...this.sets.all()].some((subchannel) => subchannel.busy);
  }

  /** The subchannel that a subsystem-identification word names, as an I/O instruction has it in register 1. */
  named(word: number): Subchannel | undefined {
    const address = this.#address(word);
    return address && this.sets.find(address);
  }

  /** What SET ADDRESS LIMIT set. */
  get addressLimit(): number {
    return this.limit;
  }

  /** What SET CHANNEL MONITOR set. */
  get monitor(): ChannelMonitor {
    return this.monitoring;
  }

  /** What SET CHANNEL MEASUREMENT set; undefined while measurement is off. */
  get measurement(): ChannelMeasurement | undefined {
    return this.#measurement;
  }

  /**
   * STORE SUBCHANNEL. Zeros are stored for a subchannel that is missing among others; condition code 3 means that
   * there are no more of them.
   *
   * @param word - The subsystem-identification word in bits 32-63 of general register 1; so for those that follow.
   */
  stsch(word: number): IoResult {
    const address = this.#address(word);
    if (address === undefined) return operandException;
    const subchannel = this.sets.find(address);
    if (subchannel !== undefined) return conditionCode(0, subchannel.schib());
    const last = this.sets.last(address);
    return address.number > last ? conditionCode(3) : conditionCode(0, new Uint8Array(schib.size));
  }

  /** MODIFY SUBCHANNEL with the 52-byte block. */
  msch(word: number, block: Uint8Array): IoResult {
    if (!validSchib(block)) return operandException;
    return this.#perform(word, (subchannel) => subchannel.modify(block));
  }

  /** START SUBCHANNEL with the operation-request block. */
  ssch(word: number, block: Uint8Array): IoResult {
    if (!validOrb(block)) return operandException;
    return this.#perform(word, (subchannel) => subchannel.start(block));
  }

  /** TEST SUBCHANNEL. */
  tsch(word: number): IoResult {
    const address = this.#address(word);
    if (address === undefined) return operandException;
    const result = this.sets.find(address)?.test();
    return result === undefined ? conditionCode(3) : conditionCode(result.cc, result.irb);
  }

  /** CLEAR SUBCHANNEL. */
  csch(word: number): IoResult {
    return this.#perform(word, (subchannel) => subchannel.clear());
  }

  /** HALT SUBCHANNEL. */
  hsch(word: number): IoResult {
    return this.#perform(word, (subchannel) => subchannel.halt());
  }

  /** RESUME SUBCHANNEL. */
  rsch(word: number): IoResult {
    return this.#perform(word, (subchannel) => subchannel.resume());
  }

  /** CANCEL SUBCHANNEL. */
  xsch(word: number): IoResult {
    return this.#perform(word, (subchannel) => subchannel.cancel());
  }

  /**
   * TEST PENDING INTERRUPTION: condition code 1 and the 12-byte interruption code, or 0.
   *
   * @param subclasses - The I/O-interruption subclasses enabled: byte 4 of control register 6.
   */
  tpi(subclasses: number): IoResult {
    const code = this.takeInterruption(subclasses);
    return conditionCode(code === undefined ? 0 : 1, code);
  }

  /** STORE CHANNEL REPORT WORD: a word, or zeros with condition code 1. */
  stcrw(): IoResult {
    const word = this.reports.take();
    const data = new Uint8Array(4);
    new DataView(data.buffer).setUint32(0, word ?? 0);
    return conditionCode(word === undefined ? 1 : 0, data);
  }

  /** Undoes {@link stcrw} when the word could not be stored: the instruction is suppressed. */
  undoStcrw(word: number): void {
    this.reports.putBack(word);
  }

  /**
   * RESET CHANNEL PATH: what goes on there ends, and a channel report tells when the reset is done.
   *
   * @param register1 - Bits 32-63 of general register 1.
   */
  rchp(register1: number): IoResult {
    if ((register1 & 0xff00_ff00) !== 0) return operandException;
    const cssid = (register1 >>> 16) & 0xff;
    if (!this.present(cssid) || (cssid !== 0 && !this.enabled.multipleChannelSubsystems))
      return operandException;
    const named = this.enabled.multipleChannelSubsystems ? cssid : this.defaultCssid;
    const path = this.paths.find(named, register1 & 0xff);
    if (path === undefined || !path.available) return conditionCode(3);
    for (const subchannel of this.sets.all()) subchannel.pathReset(path);
    this.report(...channelPathReport(path, CrwRecovery.initialized, this.enabled, Crw.solicited));
    return conditionCode(0);
  }

  /** STORE CHANNEL PATH STATUS: a bit for each channel path that is active. */
  stcps(): IoControlResult {
    const data = new Uint8Array(CHANNEL_PATHS_SIZE);
    for (const { activePath } of this.sets.all()) {
      if (activePath?.cssid !== this.defaultCssid) continue;
      const byte = activePath.chpid >> 3;
      data[byte] = (data[byte] ?? 0) | (0x80 >> (activePath.chpid & 7));
    }
    return { kind: 'done', data };
  }

  /**
   * SET ADDRESS LIMIT.
   *
   * @param register1 - Bits 32-63 of general register 1.
   */
  sal(register1: number): IoControlResult {
    if ((register1 & 0x8000_ffff) !== 0) return operandException;
    this.limit = register1 >>> 0;
    return { kind: 'done' };
  }

  /**
   * SET CHANNEL MONITOR.
   *
   * @param register1 - Bits 32-63 of general register 1.
   * @param register2 - General register 2: the measurement-block origin, if the update is switched on.
   */
  schm(register1: number, register2: bigint): IoControlResult {
    const update = (register1 & 0x2) !== 0;
    if ((register1 & 0x0fff_fffc) !== 0 || (update && (register2 & 0x1fn) !== 0n)) return operandException;
    this.monitoring = {
      key: register1 >>> 28,
      measurementBlockUpdate: update,
      deviceConnectTime: (register1 & 0x1) !== 0,
      origin: update ? register2 : this.monitoring.origin,
    };
    return { kind: 'done' };
  }

  /**
   * CHANNEL SUBSYSTEM CALL.
   *
   * @param block - The 4096-byte command block.
   * @returns With condition code 0, `data` to be stored at `offset` in the block.
   */
  chsc(block: Uint8Array): (IoResult & { readonly kind: 'program' }) | ChscResult {
    const result = channelSubsystemCall(block, this.#chscTarget());
    if (result === undefined) return operandException;
    return { kind: 'cc', cc: 0, data: result.response, offset: result.offset };
  }

  /** I/O-system reset: facilities are off again, subchannels are initialized, and nothing is pending. */
  reset(): void {
    this.enabled = NOTHING_ENABLED;
    this.limit = 0;
    this.monitoring = NO_MONITOR;
    this.#measurement = undefined;
    this.reports.words = [];
    this.events.events = [];
    for (const subchannel of this.sets.all()) subchannel.reset();
    this.interruptions.clear();
    this.adapterInterruptions.reset();
  }

  /** The state with that of all subchannels and devices. */
  save(): Payload {
    const data: SavedChannelSubsystem = {
      enabled: this.enabled,
      addressLimit: this.limit,
      monitor: this.monitoring,
      measurement: this.#measurement,
      reports: this.reports.words,
      events: this.events.events,
      unavailablePaths: this.paths
        .all()
        .filter((path) => !path.available)
        .map(({ cssid, chpid }) => [cssid, chpid] as const),
      adapters: this.adapterInterruptions.save(),
      interruptions: this.interruptions.save(),
      subchannels: [...this.sets.all()].map((subchannel) => [subchannel.id, subchannel.save()] as const),
    };
    return { name: this.name, version: VERSION, data };
  }

  /**
   * Restores the state, with the same devices attached. Channel programs go on with {@link continueOperations}.
   *
   * @throws {RangeError} When another kind of object, or an unknown version, saved the state, or when a device of it
   *   is not attached.
   */
  restore(state: Payload): void {
    if (state.name !== this.name || state.version !== VERSION) {
      throw new RangeError(`${this.name} cannot restore version ${state.version} of ${state.name}`);
    }
    const saved = state.data as SavedChannelSubsystem;
    for (const [id, payload] of saved.subchannels) {
      const subchannel = this.sets.find(subchannelOfId(id));
      if (subchannel === undefined) throw new RangeError(`no device is attached as ${id.toString(16)}`);
      subchannel.restore(payload);
    }
    this.enabled = saved.enabled;
    this.limit = saved.addressLimit;
    this.monitoring = saved.monitor;
    this.#measurement = saved.measurement;
    this.reports.words = saved.reports;
    this.events.events = saved.events;
    for (const path of this.paths.all()) path.available = true;
    for (const [cssid, chpid] of saved.unavailablePaths) this.path(cssid, chpid).available = false;
    this.adapterInterruptions.restore(saved.adapters);
    this.interruptions.restore(saved.interruptions, (id) => this.sets.find(subchannelOfId(id)));
  }

  /** Goes on with the channel programs of a restored state, once guest storage is restored too. */
  continueOperations(): void {
    for (const subchannel of this.sets.all()) subchannel.continueOperation();
  }

  #address(word: number): SubchannelAddress | undefined {
    return subchannelAddress(word, this.enabled, this.defaultCssid);
  }

  #perform(word: number, action: (subchannel: Subchannel) => ConditionCode): IoResult {
    const address = this.#address(word);
    if (address === undefined) return operandException;
    const subchannel = this.sets.find(address);
    return conditionCode(subchannel === undefined ? 3 : action(subchannel));
  }

  #chscTarget(): ChscTarget {
    const css = this;
    const inDefault = (ssid: number, number: number) => ({ cssid: this.defaultCssid, ssid, number });
    return {
      defaultCssid: this.defaultCssid,
      present: (cssid) => this.present(cssid),
      enableMultipleChannelSubsystems: () => {
        this.enabled = { ...this.enabled, multipleChannelSubsystems: true };
      },
      enableMultipleSubchannelSets: () => {
        this.enabled = { ...this.enabled, multipleSubchannelSets: true };
      },
      multipleSubchannelSets: this.enabled.multipleSubchannelSets,
      channelPaths: (cssid, first, last) => this.paths.range(cssid, first, last),
      subchannel: (ssid, number) => this.sets.find(inDefault(ssid, number)),
      lastSubchannel: (ssid) => this.sets.last(inDefault(ssid, 0)),
      named: (word) => this.named(word),
      get adapterDevices() {
        return [...css.sets.all()].some(({ device }) => device.setAdapterControls !== undefined);
      },
      events: this.events,
      get measurement() {
        return css.#measurement;
      },
      set measurement(measurement) {
        css.#measurement = measurement;
      },
    };
  }
}

/** What CHANNEL SUBSYSTEM CALL stores. */
export interface ChscResult {
  readonly kind: 'cc';
  readonly cc: 0;
  readonly data: Uint8Array;
  readonly offset: number;
}
