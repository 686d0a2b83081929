/**
 * The proxy of a virtio device at its subchannel (Virtual I/O Device 1.3, section 4.3): what its channel commands do.
 * A command that the device does not know, or whose data make no sense, ends with unit check and command reject.
 */
import { absolute, type Payload, Sense0 } from '@zarch/arch';
import {
  type ChannelCommand,
  type ChannelDevice,
  type CommandData,
  type CommandEnding,
  commandEnd,
  type IndicatorStorage,
  type SenseId,
  type StatusLine,
  unitCheck,
} from '@zarch/css';
import {
  bigEndian,
  DeviceStatus,
  Feature,
  hasFeature,
  legacyLayout,
  littleEndian,
  type VirtioDevice,
} from '@zarch/virtio';
import { type AdapterRegistry, Indicators, type SavedIndicators } from './indicators.ts';
import {
  adapterArea,
  featureDescription,
  INDICATORS_SIZE,
  LAST_REVISION,
  legacyQueueInformation,
  queueConfiguration,
  queueInformation,
  revisionInformation,
  VIRTIO_CCW_CONTROL_UNIT,
  VirtioCcwCommand,
} from './virtio-ccw-layout.ts';

export interface VirtioCcwOptions {
  readonly device: VirtioDevice;
  /** Where indicators are. */
  readonly indicators: IndicatorStorage;
  readonly adapters: AdapterRegistry;
  /** Has work done later, not before others had a turn. Default: when the current job ends. */
  readonly defer?: (work: () => void) => void;
  /** The last revision that is offered, from 0. Default: {@link LAST_REVISION}. */
  readonly lastRevision?: number;
}

interface SavedVirtioCcw {
  readonly revision: number | undefined;
  readonly indicators: SavedIndicators;
  readonly device: Payload;
}

const VERSION = 1;
const SENSE_BYTES = 32;
const LEGACY_ALIGNMENT = 4096;
const LAST_SUBCLASS = 7;
const NO_SENSE = new Uint8Array(0);

/** What a command did: it ended as it should, or is rejected. */
type Done = boolean;

export class VirtioCcwDevice implements ChannelDevice {
  readonly name = 'virtio-ccw';
  readonly identification: SenseId;
  readonly device: VirtioDevice;
  readonly #indicators: Indicators;
  readonly #lastRevision: number;
  /** Undefined from when the subchannel is enabled until the driver has set it or used another command. */
  #revision: number | undefined;
  #sense = NO_SENSE;

  constructor(options: VirtioCcwOptions) {
    const { device, indicators, adapters, defer } = options;
    this.device = device;
    this.identification = {
      commandInformation: [],
      controlUnitType: VIRTIO_CCW_CONTROL_UNIT,
      controlUnitModel: device.type & 0xff,
      deviceType: 0,
      deviceModel: 0,
    };
    this.#indicators = new Indicators(indicators, adapters);
    const modern = hasFeature(device.offeredFeatures, Feature.version1);
    this.#lastRevision = modern ? (options.lastRevision ?? LAST_REVISION) : 0;
    device.connect({
      queueInterrupt: (queue) => this.#indicators.notifyQueue(queue),
      configInterrupt: () => this.#indicators.notifyConfig(),
      ...(defer ? { notifyLater: (queue: number) => defer(() => device.notify(queue)) } : {}),
    });
  }

  /** What the driver has chosen; 0 for a legacy one, undefined for none yet. */
  get revision(): number | undefined {
    return this.#revision;
  }

  connect(line: StatusLine): void {
    this.#indicators.connect(line);
  }

  /**
   * The driver made buffers available in a queue (section 4.3.3.1, "Host->Guest Notification" has the hypercall).
   *
   * @returns Whether there is such a queue.
   */
  notify(queue: number): boolean {
    if (this.device.queues[queue] === undefined) return false;
    this.device.notify(queue);
    return true;
  }

  execute({ code }: ChannelCommand, data: CommandData): CommandEnding {
    if (code === VirtioCcwCommand.setRevision) return this.#ending(this.#setRevision(data));
    this.#revision ??= 0;
    return this.#ending(this.#execute(code, data));
  }

  sense(): Uint8Array {
    const bytes = this.#sense;
    this.#sense = NO_SENSE;
    return bytes.length === 0 ? new Uint8Array(SENSE_BYTES) : bytes;
  }

  /** Commands end at once: there is never one to stop. */
  halt(): void {}

  clear(): void {
    this.#sense = NO_SENSE;
  }

  reset(): void {
    this.#sense = NO_SENSE;
    this.#revision = undefined;
    this.#reset();
  }

  /** A revision does not outlast the subchannel's being enabled. */
  disabled(): void {
    this.#revision = undefined;
  }

  /** See {@link VirtioDevice.drain}. */
  save(): Payload {
    const data: SavedVirtioCcw = {
      revision: this.#revision,
      indicators: this.#indicators.save(),
      device: this.device.save(),
    };
    return { name: this.name, version: VERSION, data };
  }

  /** @throws {RangeError} When another kind of object, or an unknown version, saved the state. */
  restore(state: Payload): void {
    if (state.name !== this.name || state.version !== VERSION) {
      throw new RangeError(`${this.name} cannot restore version ${state.version} of ${state.name}`);
    }
    const saved = state.data as SavedVirtioCcw;
    this.device.restore(saved.device);
    this.#revision = saved.revision;
    this.#indicators.restore(saved.indicators);
    this.#sense = NO_SENSE;
  }

  #execute(code: number, data: CommandData): Done {
    switch (code) {
      case VirtioCcwCommand.readFeatures:
        return this.#readFeatures(data);
      case VirtioCcwCommand.writeFeatures:
        return this.#writeFeatures(data);
      case VirtioCcwCommand.readConfig:
        return this.#readConfig(data);
      case VirtioCcwCommand.writeConfig:
        return this.#writeConfig(data);
      case VirtioCcwCommand.readStatus:
        return this.#readStatus(data);
      case VirtioCcwCommand.writeStatus:
        return this.#writeStatus(data);
      case VirtioCcwCommand.reset:
        return this.#reset();
      case VirtioCcwCommand.readQueueConfig:
        return this.#readQueueConfig(data);
      case VirtioCcwCommand.setQueue:
        return this.#isLegacy ? this.#setLegacyQueue(data) : this.#setQueue(data);
      case VirtioCcwCommand.setIndicators:
        return taken(data, INDICATORS_SIZE, (block) => this.#indicators.setQueues(addressAt(block, 0)));
      case VirtioCcwCommand.setConfigIndicators:
        return taken(data, INDICATORS_SIZE, (block) => {
          this.#indicators.setConfig(addressAt(block, 0));
          return true;
        });
      case VirtioCcwCommand.setAdapterIndicators:
        return taken(data, adapterArea.size, (block) => this.#setAdapterIndicators(block));
      default:
        return false;
    }
  }

  get #isLegacy(): boolean {
    return (this.#revision ?? 0) === 0;
  }

  /** The byte order of the configuration space. */
  get #order() {
    return this.#isLegacy ? bigEndian : littleEndian;
  }

  #ending(done: Done): CommandEnding {
    if (done) return commandEnd;
    this.#sense = new Uint8Array(SENSE_BYTES);
    this.#sense[0] = Sense0.commandReject;
    return unitCheck;
  }

  #setRevision(data: CommandData): Done {
    return taken(data, revisionInformation.size, (block) => {
      const revision = block.getUint16(revisionInformation.revision);
      // No revision that is known has data of its own.
      const length = block.getUint16(revisionInformation.length);
      if (this.#revision !== undefined || revision > this.#lastRevision || length !== 0) return false;
      this.#revision = revision;
      return true;
    });
  }

  /** The index of a word comes in the area to be read into. */
  #readFeatures(data: CommandData): Done {
    const block = data.peek(featureDescription.size);
    if (block.length < featureDescription.size) return tooShort(data, featureDescription.size);
    const index = block[featureDescription.index] ?? 0;
    const view = new DataView(block.buffer, block.byteOffset);
    view.setUint32(featureDescription.features, this.#offered(index), true);
    data.write(block);
    return true;
  }

  #offered(index: number): number {
    return this.#isLegacy && index > 0 ? 0 : this.device.deviceFeatures(index);
  }

  #writeFeatures(data: CommandData): Done {
    return taken(data, featureDescription.size, (block) => {
      const index = block.getUint8(featureDescription.index);
      if (this.#isLegacy && index > 0) return true;
      this.device.acceptFeatures(index, block.getUint32(featureDescription.features, true));
      return true;
    });
  }

  #readConfig(data: CommandData): Done {
    const length = Math.min(data.count, this.device.configSize);
    data.write(this.device.readConfig(0, length, this.#order));
    return true;
  }

  #writeConfig(data: CommandData): Done {
    const length = Math.min(data.count, this.device.configSize);
    return taken(data, length, (block) => {
      this.device.writeConfig(0, new Uint8Array(block.buffer, block.byteOffset, length), this.#order);
      return true;
    });
  }

  #readStatus(data: CommandData): Done {
    if ((this.#revision ?? 0) < 2) return false;
    data.write(Uint8Array.of(this.device.status));
    return true;
  }

  /** Features that do not go together have no other answer before there is READ_STATUS. */
  #writeStatus(data: CommandData): Done {
    return taken(data, 1, (block) => {
      const status = block.getUint8(0);
      if (status === 0) return this.#reset();
      this.device.writeStatus(status);
      return (status & DeviceStatus.featuresOk & ~this.device.status) === 0;
    });
  }

  /** Indicators go with all the rest. */
  #reset(): Done {
    this.device.reset();
    this.#indicators.clear();
    return true;
  }

  /** A queue that does not exist has no entries. */
  #readQueueConfig(data: CommandData): Done {
    const block = data.peek(queueConfiguration.size).slice();
    if (block.length < queueConfiguration.index + 2) return tooShort(data, queueConfiguration.size);
    const answer = new Uint8Array(queueConfiguration.size);
    answer.set(block);
    const view = new DataView(answer.buffer);
    const queue = this.device.queues[view.getUint16(queueConfiguration.index)];
    view.setUint16(queueConfiguration.maximum, queue?.maximumSize ?? 0);
    data.write(answer);
    return true;
  }

  #setQueue(data: CommandData): Done {
    return taken(data, queueInformation.size, (block) => {
      const index = block.getUint16(queueInformation.index);
      const descriptors = addressAt(block, queueInformation.descriptors);
      if (descriptors === 0) return this.device.resetQueue(index);
      return this.device.enableQueue(index, {
        size: block.getUint16(queueInformation.count),
        descriptors: absolute(descriptors),
        driver: absolute(addressAt(block, queueInformation.driver)),
        device: absolute(addressAt(block, queueInformation.device)),
      });
    });
  }

  /** The ring has the size that READ_VQ_CONF told. */
  #setLegacyQueue(data: CommandData): Done {
    return taken(data, legacyQueueInformation.size, (block) => {
      const index = block.getUint16(legacyQueueInformation.index);
      const start = addressAt(block, legacyQueueInformation.queue);
      if (start === 0) return this.device.resetQueue(index);
      const size = this.device.queues[index]?.maximumSize;
      if (size === undefined || block.getUint16(legacyQueueInformation.count) < size) return false;
      if (block.getUint32(legacyQueueInformation.alignment) !== LEGACY_ALIGNMENT) return false;
      const { descriptors, driver, device } = legacyLayout(start, size, LEGACY_ALIGNMENT);
      const areas = {
        descriptors: absolute(descriptors),
        driver: absolute(driver),
        device: absolute(device),
      };
      return this.device.enableQueue(index, { size, ...areas });
    });
  }

  #setAdapterIndicators(block: DataView): Done {
    const subclass = block.getUint8(adapterArea.subclass);
    if (subclass > LAST_SUBCLASS) return false;
    return this.#indicators.setAdapter({
      summary: addressAt(block, adapterArea.summary),
      indicator: addressAt(block, adapterArea.indicator),
      bit: addressAt(block, adapterArea.bit),
      subclass,
    });
  }
}

/**
 * Takes the data of a command and does something with them. Where the program has fewer, nothing is done: the channel
 * subsystem tells what is wrong.
 */
function taken(data: CommandData, length: number, action: (block: DataView) => Done): Done {
  const bytes = data.read(length);
  if (bytes.length < length) return true;
  return action(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** The same for data that are given: all of the area is asked for, of which there is too little. */
function tooShort(data: CommandData, length: number): Done {
  data.write(new Uint8Array(length));
  return true;
}

/** A doubleword; one of 2^53 or more is rounded, and is outside every storage. */
function addressAt(block: DataView, offset: number): number {
  return Number(block.getBigUint64(offset));
}
