/**
 * What the channel subsystem consists of, and how that changes while a guest runs (Principles of Operation,
 * chapter 13, "I/O Organization", and chapter 17, "Channel Report").
 */
import { CrwRecovery, SubchannelStatus } from '@zarch/arch';
import { AdapterInterruptions } from './adapter-interruptions.ts';
import type { ChannelDevice } from './channel-device.ts';
import { type ChannelEvent, ChannelEvents } from './channel-events.ts';
import { NO_MONITOR } from './channel-measurement.ts';
import { type ChannelPath, type ChannelPathDescription, ChannelPaths } from './channel-paths.ts';
import { ChannelReports } from './channel-reports.ts';
import type { ChannelStorage } from './channel-storage.ts';
import { IoInterruptions, localCells, type PendingCells } from './io-interruptions.ts';
import { channelPathReport, eventReport, subchannelReport } from './machine-reports.ts';
import { Subchannel, type SubchannelHost } from './subchannel.ts';
import { SubchannelSets } from './subchannel-sets.ts';
import {
  type EnabledFacilities,
  type SubchannelAddress,
  subsystemIdentification,
} from './subsystem-identification.ts';

export interface ChannelSubsystemOptions {
  /** The channel subsystem of words that name none. Default 0. */
  readonly defaultCssid?: number;
  /** What channel programs access. Default: nothing, so that every address causes a program check. */
  readonly storage?: ChannelStorage;
  /** Called when a channel report becomes pending: the host makes a machine check pending. */
  readonly onChannelReport?: () => void;
  /** Called when an I/O interruption of a subclass becomes pending: the host looks for a CPU that takes it. */
  readonly onInterruption?: (subclass: number) => void;
  /** Where CPUs see for which subclasses interruptions are pending. Default: cells of this thread. */
  readonly pendingSubclasses?: PendingCells;
  /**
   * Has work done later, not before others had a turn. Without it a channel program is stopped with a program check
   * when it goes on for too long; with it such a program goes on until the guest stops it.
   */
  readonly defer?: (work: () => void) => void;
  /** The TOD clock, to measure with. Default: subchannels have no timing facility. */
  readonly clock?: () => bigint;
  /** Takes what a device threw instead of ending a command, which for the guest is an interface-control check. */
  readonly onDeviceError?: (error: unknown) => void;
}

/** What a device is attached with. */
export interface AttachOptions {
  /** Default: the subchannel number. */
  readonly deviceNumber?: number;
  /** Identifications of up to eight channel paths of its channel subsystem. Default: an emulated one. */
  readonly channelPaths?: readonly number[];
}

export const NOTHING_ENABLED: EnabledFacilities = {
  multipleChannelSubsystems: false,
  multipleSubchannelSets: false,
};

const noStorage: ChannelStorage = {
  fetch: () => SubchannelStatus.programCheck,
  store: () => SubchannelStatus.programCheck,
};

export class IoConfiguration {
  readonly interruptions: IoInterruptions;
  readonly adapterInterruptions: AdapterInterruptions;
  protected readonly defaultCssid: number;
  protected readonly sets = new SubchannelSets();
  protected readonly paths = new ChannelPaths();
  protected readonly reports = new ChannelReports();
  protected readonly events = new ChannelEvents();
  /** What CHANNEL SUBSYSTEM CALL has enabled. */
  protected enabled: EnabledFacilities = NOTHING_ENABLED;
  /** What SET ADDRESS LIMIT and SET CHANNEL MONITOR set. */
  protected limit = 0;
  protected monitoring = NO_MONITOR;
  readonly #options: ChannelSubsystemOptions;

  constructor(options: ChannelSubsystemOptions = {}) {
    this.#options = options;
    this.defaultCssid = options.defaultCssid ?? 0;
    this.interruptions = new IoInterruptions(
      options.pendingSubclasses ?? localCells(),
      options.onInterruption ?? (() => {}),
    );
    this.adapterInterruptions = new AdapterInterruptions(this.interruptions);
  }

  /** Installs a channel path. @throws {RangeError} When there is one of that identification. */
  addChannelPath(description: ChannelPathDescription): ChannelPath {
    return this.paths.add(description);
  }

  /**
   * Installs a subchannel with its device, before the guest runs; {@link plug} does it later.
   *
   * @returns The subchannel, by which its device presents status.
   * @throws {RangeError} When the subchannel or one of its channel paths cannot be.
   */
  attach(address: SubchannelAddress, device: ChannelDevice, options: AttachOptions = {}): Subchannel {
    const paths = options.channelPaths?.map((chpid) => this.path(address.cssid, chpid));
    const deviceNumber = options.deviceNumber ?? address.number;
    const subchannel = new Subchannel(
      address,
      device,
      { deviceNumber, paths: paths ?? [this.#emulatedPath(address.cssid)] },
      this.#host(),
    );
    this.sets.add(address, subchannel);
    return subchannel;
  }

  /** Installs a subchannel with its device while the guest runs, which is told by a channel report. */
  plug(address: SubchannelAddress, device: ChannelDevice, options: AttachOptions = {}): Subchannel {
    const subchannel = this.attach(address, device, options);
    this.report(...subchannelReport(address, this.enabled));
    return subchannel;
  }

  /** Takes a device away. What it was doing is over, and the guest is told by a channel report. */
  unplug(subchannel: Subchannel): void {
    if (this.sets.find(subchannel.address) !== subchannel) return;
    subchannel.detach();
    this.sets.remove(subchannel.address);
    this.report(...subchannelReport(subchannel.address, this.enabled));
  }

  /** The subchannel at an address. */
  find(address: SubchannelAddress): Subchannel | undefined {
    return this.sets.find(address);
  }

  /** The lowest free subchannel number of a set; undefined when it is full. */
  freeNumber(cssid: number, ssid: number): number | undefined {
    return this.sets.free(cssid, ssid);
  }

  /** Configures a channel path on or off, and tells the guest by a channel report. */
  vary(path: ChannelPath, available: boolean): void {
    if (path.available === available) return;
    path.available = available;
    const { installedParametersInitialized, permanentErrorNotInitialized } = CrwRecovery;
    const recovery = available ? installedParametersInitialized : permanentErrorNotInitialized;
    this.report(...channelPathReport(path, recovery, this.enabled));
  }

  /** Makes a channel report pending: its words in order, all but the last with the chaining flag. */
  report(...words: readonly number[]): void {
    this.reports.add(words);
    this.#options.onChannelReport?.();
  }

  /** Adds an event for STORE EVENT INFORMATION, and tells the guest by a channel report that there is one. */
  addEvent(event: ChannelEvent): void {
    this.events.add(event);
    this.report(...eventReport());
  }

  /** Whether there is a channel subsystem of that identification. */
  protected present(cssid: number): boolean {
    return cssid === 0 || cssid === this.defaultCssid || this.sets.hasChannelSubsystem(cssid);
  }

  protected path(cssid: number, chpid: number): ChannelPath {
    const path = this.paths.find(cssid, chpid);
    if (path === undefined) throw new RangeError(`there is no channel path ${chpid}`);
    return path;
  }

  #emulatedPath(cssid: number): ChannelPath {
    return this.paths.find(cssid, 0) ?? this.paths.add({ cssid, chpid: 0 });
  }

  #host(): SubchannelHost {
    const css = this;
    const { storage = noStorage, defer, clock, onDeviceError = rethrow } = this.#options;
    return {
      storage,
      interruptions: this.interruptions,
      clock,
      defer,
      onDeviceError,
      get addressLimit() {
        return css.limit;
      },
      get monitor() {
        return css.monitoring;
      },
      subsystemId: (address) => subsystemIdentification(address, css.enabled),
    };
  }
}

/** Errors of devices are errors here: they must not go unseen. */
function rethrow(error: unknown): never {
  throw error;
}
