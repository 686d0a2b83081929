/**
 * The machine's virtio devices at their subchannels, and the hypercall by which their drivers notify them (Linux
 * Documentation/virt/kvm/s390/s390-diag.rst, "DIAG 500").
 */
import type { ChannelSubsystem, Subchannel } from '@zarch/css';
import type { IoEvent, VcpuState, Vm } from '@zarch/kvm';
import { type DeviceModel, VirtioDevice } from '@zarch/virtio';
import { VirtioCcwDevice } from '@zarch/virtio-ccw';
import { BulkStorage } from './bulk-storage.ts';
import { sharedIndicators } from './shared-indicators.ts';

/** Where a device is: channel subsystem, subchannel set and device number. */
export interface DeviceAddress {
  readonly cssid: number;
  readonly ssid: number;
  readonly deviceNumber: number;
}

export interface VirtioDeviceOptions {
  /** Default: the lowest free device number of subchannel set 0. */
  readonly address?: DeviceAddress | undefined;
  /** The last revision of the virtio-ccw transport that is offered. */
  readonly lastRevision?: number | undefined;
  /** Called with what a driver did wrong when its device stops. */
  readonly onError?: (reason: string) => void;
}

export type AttachResult =
  | { readonly ok: true; readonly device: VirtioCcwDevice; readonly address: DeviceAddress }
  | { readonly ok: false; readonly message: string };

/** Hypercall numbers in general register 1. */
const Hypercall = { virtioCcwNotify: 3 } as const;
/** Errors of Linux, negated in general register 2. */
const EINVAL = 22n;
const LAST_DEVICE_NUMBER = 0xffff;

export class VirtioDevices {
  readonly #vm: Vm;
  readonly #storage: BulkStorage;
  readonly #css: ChannelSubsystem;
  readonly #defaultCssid: number;
  readonly #defer: ((work: () => void) => void) | undefined;
  /** By {@link key}. */
  readonly #devices = new Map<
    string,
    { readonly device: VirtioCcwDevice; readonly subchannel: Subchannel }
  >();

  constructor(vm: Vm, css: ChannelSubsystem, defaultCssid: number, defer?: (work: () => void) => void) {
    this.#vm = vm;
    this.#storage = new BulkStorage(vm.host, vm.storage);
    this.#css = css;
    this.#defaultCssid = defaultCssid;
    this.#defer = defer;
  }

  get all(): readonly VirtioCcwDevice[] {
    return [...this.#devices.values()].map(({ device }) => device);
  }

  /** Installs a device before the guest runs. */
  attach(model: DeviceModel, options: VirtioDeviceOptions = {}): AttachResult {
    return this.#install(model, options, 'attach');
  }

  /** Installs a device while the guest runs, which is told by a channel report. */
  plug(model: DeviceModel, options: VirtioDeviceOptions = {}): AttachResult {
    return this.#install(model, options, 'plug');
  }

  /** Takes a device away, and tells the guest. @returns Whether there was one. */
  unplug(address: DeviceAddress): boolean {
    const found = this.#devices.get(key(address));
    if (found === undefined) return false;
    this.#devices.delete(key(address));
    // What the guest called it can become another device's name.
    this.#vm.ioEvents.clear();
    this.#css.unplug(found.subchannel);
    return true;
  }

  #install(model: DeviceModel, options: VirtioDeviceOptions, how: 'attach' | 'plug'): AttachResult {
    const { address: wanted, lastRevision, onError } = options;
    const address = wanted ?? this.#freeAddress();
    if (address === undefined) return { ok: false, message: 'there is no free device number' };
    const at = key(address);
    if (this.#devices.has(at)) return { ok: false, message: `device number ${at} is already in use` };
    const { cssid, ssid, deviceNumber } = address;
    const number = this.#css.freeNumber(cssid, ssid);
    if (number === undefined) return { ok: false, message: `subchannel set ${ssid} is full` };
    const device = new VirtioCcwDevice({
      device: new VirtioDevice(model, { storage: this.#storage, ...(onError ? { onError } : {}) }),
      indicators: sharedIndicators(this.#vm),
      adapters: this.#css.adapterInterruptions,
      ...(this.#defer ? { defer: this.#defer } : {}),
      ...(lastRevision === undefined ? {} : { lastRevision }),
    });
    const subchannel = this.#css[how]({ cssid, ssid, number }, device, { deviceNumber });
    this.#devices.set(at, { device, subchannel });
    return { ok: true, device, address };
  }

  /** DIAGNOSE 500: the result, or a negative error, is in general register 2 afterwards. */
  hypercall(state: VcpuState): void {
    const event = { subsystem: Number(state.gr(2) & 0xffff_ffffn), queue: Number(state.gr(3)) };
    const done = state.gr(1) === BigInt(Hypercall.virtioCcwNotify) && this.#notify(event);
    // The next one of the same kind needs no exit.
    if (done) this.#vm.ioEvents.add(event);
    state.setGr(2, done ? 0n : -EINVAL);
  }

  /** Serves the notifications that were answered without an exit. */
  serveEvents(): void {
    for (const event of this.#vm.ioEvents.take()) this.#notify(event);
  }

  #notify({ subsystem, queue }: IoEvent): boolean {
    const device = this.#css.named(subsystem)?.device;
    return device instanceof VirtioCcwDevice && device.notify(queue);
  }

  #freeAddress(): DeviceAddress | undefined {
    for (let deviceNumber = 0; deviceNumber <= LAST_DEVICE_NUMBER; deviceNumber++) {
      const address = { cssid: this.#defaultCssid, ssid: 0, deviceNumber };
      if (!this.#devices.has(key(address))) return address;
    }
    return undefined;
  }
}

/** As users write it: `fe.0.0001`. */
function key({ cssid, ssid, deviceNumber }: DeviceAddress): string {
  return `${cssid.toString(16)}.${ssid}.${deviceNumber.toString(16).padStart(4, '0')}`;
}
