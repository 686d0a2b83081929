/**
 * The channel subsystem, as I/O instructions see it (Principles of Operation, chapter 14, "I/O Instructions").
 *
 * Operands come as register contents and bytes. The privileged-operation, specification and access exceptions of
 * an instruction are its caller's; operand exceptions are found here, and before any condition code.
 */
import { type Payload, schib, subsystemId } from '@zarch/arch';
import { ChannelReports } from './channel-reports.ts';
import { channelSubsystemCall } from './channel-subsystem-call.ts';
import { validOrb, validSchib } from './operand-check.ts';
import {
  type ConditionCode,
  conditionCode,
  type IoControlResult,
  type IoResult,
  operandException,
} from './result.ts';
import type { Subchannel } from './subchannel.ts';
import { type SubchannelAddress, subchannelAddress } from './subsystem-identification.ts';

const VERSION = 1;
const CHANNEL_PATHS_SIZE = 32;

/** What SET CHANNEL MONITOR set. */
export interface ChannelMonitor {
  readonly key: number;
  readonly measurementBlockUpdate: boolean;
  readonly deviceConnectTime: boolean;
  /** Absolute address of the format-0 measurement blocks. */
  readonly origin: bigint;
}

export interface ChannelSubsystemOptions {
  /** The channel subsystem of words that name none. Default 0. */
  readonly defaultCssid?: number;
  /** Called when a channel report becomes pending: the host makes a machine check pending. */
  readonly onChannelReport?: () => void;
  /**
   * Takes the pending I/O interruption of highest priority among the subclasses enabled: its 12-byte code. The
   * interruptions are kept where CPUs take them from. Default: none is ever pending.
   */
  readonly takeInterruption?: (subclasses: number) => Uint8Array | undefined;
}

interface SavedChannelSubsystem {
  readonly multipleChannelSubsystems: boolean;
  readonly multipleSubchannelSets: boolean;
  readonly addressLimit: number;
  readonly monitor: ChannelMonitor;
  readonly reports: readonly number[];
}

const NO_MONITOR: ChannelMonitor = {
  key: 0,
  measurementBlockUpdate: false,
  deviceConnectTime: false,
  origin: 0n,
};

export class ChannelSubsystem {
  readonly name = 'css';
  readonly #defaultCssid: number;
  readonly #onChannelReport: () => void;
  readonly #takeInterruption: (subclasses: number) => Uint8Array | undefined;
  /** Each set's subchannels by number, under the set's key. */
  readonly #sets = new Map<number, Map<number, Subchannel>>();
  readonly #reports = new ChannelReports();
  #multipleChannelSubsystems = false;
  #multipleSubchannelSets = false;
  #addressLimit = 0;
  #monitor = NO_MONITOR;

  constructor(options: ChannelSubsystemOptions = {}) {
    this.#defaultCssid = options.defaultCssid ?? 0;
    this.#onChannelReport = options.onChannelReport ?? (() => {});
    this.#takeInterruption = options.takeInterruption ?? (() => undefined);
  }

  /** Installs a subchannel. */
  attach(address: SubchannelAddress, subchannel: Subchannel): void {
    const key = setKey(address);
    const set = this.#sets.get(key) ?? new Map<number, Subchannel>();
    if (set.has(address.number)) throw new RangeError(`two subchannels with number ${address.number}`);
    set.set(address.number, subchannel);
    this.#sets.set(key, set);
  }

  /** Makes a channel report pending: its words in order, all but the last with the chaining flag. */
  report(...words: readonly number[]): void {
    this.#reports.add(words);
    this.#onChannelReport();
  }

  /** What SET ADDRESS LIMIT set. */
  get addressLimit(): number {
    return this.#addressLimit;
  }

  /** What SET CHANNEL MONITOR set. */
  get monitor(): ChannelMonitor {
    return this.#monitor;
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
    const set = this.#sets.get(setKey(address));
    const subchannel = set?.get(address.number);
    if (subchannel !== undefined) return conditionCode(0, subchannel.schib());
    const last = Math.max(-1, ...(set?.keys() ?? []));
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
    const result = this.#find(address)?.test();
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
    const code = this.#takeInterruption(subclasses);
    return conditionCode(code === undefined ? 0 : 1, code);
  }

  /** STORE CHANNEL REPORT WORD: a word, or zeros with condition code 1. */
  stcrw(): IoResult {
    const word = this.#reports.take();
    const data = new Uint8Array(4);
    new DataView(data.buffer).setUint32(0, word ?? 0);
    return conditionCode(word === undefined ? 1 : 0, data);
  }

  /** Undoes {@link stcrw} when the word could not be stored: the instruction is suppressed. */
  undoStcrw(word: number): void {
    this.#reports.putBack(word);
  }

  /**
   * RESET CHANNEL PATH. There are no channel paths.
   *
   * @param register1 - Bits 32-63 of general register 1.
   */
  rchp(register1: number): IoResult {
    if ((register1 & 0xff00_ff00) !== 0) return operandException;
    return this.#present((register1 >>> 16) & 0xff) ? conditionCode(3) : operandException;
  }

  /** STORE CHANNEL PATH STATUS: a bit for each channel path that is active. */
  stcps(): IoControlResult {
    return { kind: 'done', data: new Uint8Array(CHANNEL_PATHS_SIZE) };
  }

  /**
   * SET ADDRESS LIMIT.
   *
   * @param register1 - Bits 32-63 of general register 1.
   */
  sal(register1: number): IoControlResult {
    if ((register1 & 0x8000_ffff) !== 0) return operandException;
    this.#addressLimit = register1 >>> 0;
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
    this.#monitor = {
      key: register1 >>> 28,
      measurementBlockUpdate: update,
      deviceConnectTime: (register1 & 0x1) !== 0,
      origin: update ? register2 : this.#monitor.origin,
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
    const result = channelSubsystemCall(block, {
      present: (cssid) => this.#present(cssid),
      enableMultipleChannelSubsystems: () => {
        this.#multipleChannelSubsystems = true;
      },
      enableMultipleSubchannelSets: () => {
        this.#multipleSubchannelSets = true;
      },
    });
    if (result === undefined) return operandException;
    return { kind: 'cc', cc: 0, data: result.response, offset: result.offset };
  }

  /** I/O-system reset: facilities are off again, and nothing is pending. */
  reset(): void {
    this.#multipleChannelSubsystems = false;
    this.#multipleSubchannelSets = false;
    this.#addressLimit = 0;
    this.#monitor = NO_MONITOR;
    this.#reports.words = [];
    for (const set of this.#sets.values()) for (const subchannel of set.values()) subchannel.reset();
  }

  /** The channel subsystem's own state; subchannels save theirs. */
  save(): Payload {
    const data: SavedChannelSubsystem = {
      multipleChannelSubsystems: this.#multipleChannelSubsystems,
      multipleSubchannelSets: this.#multipleSubchannelSets,
      addressLimit: this.#addressLimit,
      monitor: this.#monitor,
      reports: this.#reports.words,
    };
    return { name: this.name, version: VERSION, data };
  }

  /** @throws {RangeError} When another kind of object, or an unknown version, saved the state. */
  restore(state: Payload): void {
    if (state.name !== this.name || state.version !== VERSION) {
      throw new RangeError(`${this.name} cannot restore version ${state.version} of ${state.name}`);
    }
    const saved = state.data as SavedChannelSubsystem;
    this.#multipleChannelSubsystems = saved.multipleChannelSubsystems;
    this.#multipleSubchannelSets = saved.multipleSubchannelSets;
    this.#addressLimit = saved.addressLimit;
    this.#monitor = saved.monitor;
    this.#reports.words = saved.reports;
  }

  #address(word: number): SubchannelAddress | undefined {
    const enabled = {
      multipleChannelSubsystems: this.#multipleChannelSubsystems,
      multipleSubchannelSets: this.#multipleSubchannelSets,
    };
    return subchannelAddress(word, enabled, this.#defaultCssid);
  }

  #find(address: SubchannelAddress): Subchannel | undefined {
    return this.#sets.get(setKey(address))?.get(address.number);
  }

  #perform(word: number, action: (subchannel: Subchannel) => ConditionCode): IoResult {
    const address = this.#address(word);
    if (address === undefined) return operandException;
    const subchannel = this.#find(address);
    return conditionCode(subchannel === undefined ? 3 : action(subchannel));
  }

  #present(cssid: number): boolean {
    if (cssid === 0 || cssid === this.#defaultCssid) return true;
    return Array.from(this.#sets.keys()).some((key) => key >> 2 === cssid);
  }
}

/** What CHANNEL SUBSYSTEM CALL stores. */
export interface ChscResult {
  readonly kind: 'cc';
  readonly cc: 0;
  readonly data: Uint8Array;
  readonly offset: number;
}

function setKey(address: SubchannelAddress): number {
  return (address.cssid << 2) | (address.ssid & (subsystemId.ssid.mask >> subsystemId.ssid.shift));
}
