/** A guest's driver of a virtio device on the channel subsystem, for tests: it runs commands and takes interruptions. */
import {
  type AbsoluteAddress,
  absolute,
  CcwFlag,
  DeviceStatus,
  PmcwFlag,
  schib,
  subsystemId,
} from '@zarch/arch';
import {
  ChannelSubsystem,
  type ChannelSubsystemOptions,
  type IoResult,
  indicatorStorage,
  KeyedStorage,
  type StorageKeys,
} from '@zarch/css';
import { encodeCcw, encodeOrb } from '@zarch/css/testing';
import type { DeviceModel, RingAreas, VirtioDeviceOptions } from '@zarch/virtio';
import { VirtioDevice } from '@zarch/virtio';
import { GuestMemory } from '@zarch/virtio/testing';
import { VirtioCcwDevice } from '../virtio-ccw-device.ts';
import {
  featureDescription,
  legacyQueueInformation,
  queueConfiguration,
  queueInformation,
  VirtioCcwCommand,
} from '../virtio-ccw-layout.ts';

/** How a command ended. */
export interface CommandEnd {
  readonly deviceStatus: number;
  readonly subchannelStatus: number;
  /** Bytes of the CCW that were not transferred. */
  readonly residual: number;
  /** The command's area afterwards. */
  readonly bytes: Uint8Array;
}

export interface CcwDriverOptions {
  readonly device?: Omit<VirtioDeviceOptions, 'storage'>;
  readonly lastRevision?: number;
  readonly css?: ChannelSubsystemOptions;
}

const ENABLED_SUBCLASS = 3;
const EVERY_SUBCLASS = 0xff;
const SCSW_DEVICE_STATUS = 8;
const IDENTIFICATION = 8;
const INTERRUPTION_LIMIT = 100;

/** A storage without keys that protect. */
class UnkeyedMemory extends GuestMemory implements StorageKeys {
  key(address: AbsoluteAddress): number | undefined {
    return address < this.size ? 0 : undefined;
  }
  setKey(): void {}
}

export class CcwDriver {
  readonly memory = new UnkeyedMemory();
  readonly css: ChannelSubsystem;
  readonly device: VirtioCcwDevice;
  /** The subsystem-identification word. */
  readonly word = subsystemId.one;

  constructor(model: DeviceModel, options: CcwDriverOptions = {}) {
    this.css = new ChannelSubsystem({ storage: new KeyedStorage(this.memory), ...options.css });
    this.device = new VirtioCcwDevice({
      device: new VirtioDevice(model, { storage: this.memory, ...options.device }),
      indicators: indicatorStorage(this.memory),
      adapters: this.css.adapterInterruptions,
      ...(options.lastRevision === undefined ? {} : { lastRevision: options.lastRevision }),
    });
    this.css.attach({ cssid: 0, ssid: 0, number: 0 }, this.device);
    this.enable(true);
  }

  /** Enables or disables the subchannel. */
  enable(enabled: boolean): void {
    const block = new Uint8Array(schib.size);
    const data = new DataView(block.buffer);
    data.setUint16(schib.flags, (enabled ? PmcwFlag.enabled : 0) | (ENABLED_SUBCLASS << 11));
    data.setUint8(schib.logicalPathMask, 0xff);
    data.setUint8(schib.pathOperationalMask, 0xff);
    expectCode(this.css.msch(this.word, block), 0);
  }

  /**
   * Runs a command.
   *
   * @param area - The command's data, or what is in the area before it is read into.
   */
  command(code: number, area: Uint8Array, flags = 0): CommandEnd {
    const address = this.memory.place(area);
    const ccw = this.memory.place(encodeCcw(1, { command: code, flags, count: area.length, address }));
    expectCode(this.css.ssch(this.word, encodeOrb(1, { programAddress: ccw })), 0);
    const irb = expectCode(this.css.tsch(this.word), 0);
    const data = new DataView(irb.buffer, irb.byteOffset);
    return {
      deviceStatus: data.getUint8(SCSW_DEVICE_STATUS),
      subchannelStatus: data.getUint8(SCSW_DEVICE_STATUS + 1),
      residual: data.getUint16(SCSW_DEVICE_STATUS + 2),
      bytes: this.memory.at(address, area.length).bytes(),
    };
  }

  /** Runs a command that must end as it should, and gives its area. */
  run(code: number, area: Uint8Array, flags = 0): Uint8Array {
    const { deviceStatus, subchannelStatus, bytes } = this.command(code, area, flags);
    if (deviceStatus !== (DeviceStatus.channelEnd | DeviceStatus.deviceEnd) || subchannelStatus !== 0)
      throw new Error(`command ${code.toString(16)} ended with ${deviceStatus}, ${subchannelStatus}`);
    return bytes;
  }

  setRevision(revision: number): void {
    this.run(VirtioCcwCommand.setRevision, Uint8Array.of(0, revision, 0, 0));
  }

  /** The features of a word that the device offers. */
  features(word: number): number {
    const area = new Uint8Array(featureDescription.size);
    area[featureDescription.index] = word;
    const bytes = this.run(VirtioCcwCommand.readFeatures, area);
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(featureDescription.features, true);
  }

  acceptFeatures(word: number, features: number): void {
    const area = new Uint8Array(featureDescription.size);
    new DataView(area.buffer).setUint32(featureDescription.features, features, true);
    area[featureDescription.index] = word;
    this.run(VirtioCcwCommand.writeFeatures, area);
  }

  writeStatus(status: number): CommandEnd {
    return this.command(VirtioCcwCommand.writeStatus, Uint8Array.of(status));
  }

  /** The largest size of a queue. */
  queueSize(index: number): number {
    const area = new Uint8Array(queueConfiguration.size);
    new DataView(area.buffer).setUint16(queueConfiguration.index, index);
    const bytes = this.run(VirtioCcwCommand.readQueueConfig, area);
    return new DataView(bytes.buffer, bytes.byteOffset).getUint16(queueConfiguration.maximum);
  }

  setQueue(index: number, areas: RingAreas): CommandEnd {
    const area = new Uint8Array(queueInformation.size);
    const data = new DataView(area.buffer);
    data.setBigUint64(queueInformation.descriptors, BigInt(areas.descriptors));
    data.setUint16(queueInformation.index, index);
    data.setUint16(queueInformation.count, areas.size);
    data.setBigUint64(queueInformation.driver, BigInt(areas.driver));
    data.setBigUint64(queueInformation.device, BigInt(areas.device));
    return this.command(VirtioCcwCommand.setQueue, area);
  }

  setLegacyQueue(index: number, start: number, size: number, alignment = 4096): CommandEnd {
    const area = new Uint8Array(legacyQueueInformation.size);
    const data = new DataView(area.buffer);
    data.setBigUint64(legacyQueueInformation.queue, BigInt(start));
    data.setUint32(legacyQueueInformation.alignment, alignment);
    data.setUint16(legacyQueueInformation.index, index);
    data.setUint16(legacyQueueInformation.count, size);
    return this.command(VirtioCcwCommand.setQueue, area);
  }

  /** The sense bytes of the last unit check. */
  sense(): Uint8Array {
    return this.run(0x04, new Uint8Array(32), CcwFlag.suppressLengthIndication);
  }

  /** Takes all interruptions: the identification word of each. Status that comes with one is taken too. */
  interruptions(): number[] {
    const words: number[] = [];
    while (words.length < INTERRUPTION_LIMIT) {
      const code = this.css.takeInterruption(EVERY_SUBCLASS);
      if (code === undefined) break;
      words.push(new DataView(code.buffer).getUint32(IDENTIFICATION));
    }
    return words;
  }

  doubleword(address: number): bigint {
    return this.memory.at(absolute(address), 8).u64(0);
  }
}

function expectCode(result: IoResult, cc: number): Uint8Array {
  if (result.kind === 'program' || result.cc !== cc) throw new Error('an I/O instruction failed');
  return result.data ?? new Uint8Array(0);
}
