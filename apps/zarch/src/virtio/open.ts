/** Opens what is behind virtio devices, and makes the devices. */
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Machine } from '@zarch/machine';
import {
  BalloonDevice,
  BlockDevice,
  ConsoleDevice,
  type DeviceModel,
  EntropyDevice,
  type EntropySource,
  NetDevice,
  NinePDevice,
} from '@zarch/virtio';
import { openImage } from '../block/image.ts';
import type { Chardev, ChardevOptions } from '../chardev/chardev.ts';
import { CommandError, systemReason, usageError } from '../command-error.ts';
import { HostFolder } from '../folder/host-folder.ts';
import { openNetwork } from '../net/open-network.ts';
import { randomFill } from '../run/crypto.ts';
import type {
  BalloonConfig,
  BlockConfig,
  ConsoleConfig,
  EntropyConfig,
  NetConfig,
  NinePConfig,
  PortConfig,
  VirtioCommon,
  VirtioDeviceConfig,
} from './config.ts';

export interface VirtioHost {
  openChardev(options: ChardevOptions): Promise<Chardev>;
  /** Called before the guest's output goes to a character device. */
  readonly onOutput?: ((bytes: Uint8Array) => void) | undefined;
  /** A line about the program itself, for the user. */
  readonly report: (line: string) => void;
}

/** Devices that are ready to be attached. */
export class OpenDevices {
  readonly #host: VirtioHost;
  readonly #devices: {
    readonly config: VirtioDeviceConfig;
    readonly make: (machine: Machine) => DeviceModel;
  }[] = [];
  readonly #closers: (() => Promise<void>)[] = [];

  constructor(host: VirtioHost) {
    this.#host = host;
  }

  /** @throws {CommandError} When one cannot be opened; then {@link close} closes the others. */
  async open(configs: readonly VirtioDeviceConfig[]): Promise<void> {
    for (const config of configs) this.#devices.push({ config, make: await this.#prepare(config) });
  }

  /** @throws {CommandError} When the machine has no room for one. */
  attach(machine: Machine): void {
    // Those without an address take what the others leave.
    const placed = this.#devices.filter(({ config }) => config.address !== undefined);
    const others = this.#devices.filter(({ config }) => config.address === undefined);
    for (const { config, make } of [...placed, ...others]) {
      const { address, lastRevision, option } = config;
      const onError = (reason: string) =>
        this.#host.report(`${option}: the guest's driver failed: ${reason}`);
      const result = machine.virtio.attach(make(machine), { address, lastRevision, onError });
      if (!result.ok) throw usageError(`${option}: ${result.message}`);
      // What is with an image ends before the image is closed.
      if (config.kind === 'block') this.#closers.push(() => result.device.device.drain());
    }
  }

  async close(): Promise<void> {
    for (const closer of this.#closers.splice(0).toReversed()) await closer();
  }

  async #prepare(config: VirtioDeviceConfig): Promise<(machine: Machine) => DeviceModel> {
    switch (config.kind) {
      case 'block': {
        const device = await this.#block(config);
        return () => device;
      }
      case 'entropy': {
        const device = await this.#entropy(config);
        return () => device;
      }
      case 'console': {
        const device = await this.#console(config);
        return () => device;
      }
      case 'net': {
        const device = await this.#net(config);
        return () => device;
      }
      case 'ninep': {
        const device = await this.#ninep(config);
        return () => device;
      }
      case 'balloon':
        return (machine) => balloon(config, machine);
    }
  }

  async #block({ image, blocks, serial, queues, queueSize, writeCache }: BlockConfig): Promise<DeviceModel> {
    const opened = await openImage(image, blocks, this.#host.report);
    this.#closers.push(() => opened.close());
    return new BlockDevice({
      backend: opened.backend,
      serial,
      queues,
      queueSize,
      writeCache: writeCache ?? image.cache.writeback,
      onBackendError: (error) => this.#host.report(`${image.option}: ${systemReason(error)}`),
    });
  }

  async #entropy({ file, rate }: EntropyConfig): Promise<DeviceModel> {
    const source = file === undefined ? generator : await this.#randomFile(file);
    const after = (milliseconds: number, action: () => void) => void setTimeout(action, milliseconds).unref();
    return new EntropyDevice({ source, ...(rate ? { rate: { ...rate, after } } : {}) });
  }

  async #randomFile(path: string): Promise<EntropySource> {
    const handle = await open(path, 'r').catch((error: unknown) => {
      throw new CommandError(`could not open '${path}': ${systemReason(error)}`);
    });
    this.#closers.push(() => handle.close());
    return { fill: (target) => fillFrom(handle, target) };
  }

  async #net({ mac, mtu, network }: NetConfig): Promise<DeviceModel> {
    const options = { mac, ...(mtu === undefined ? {} : { mtu }) };
    if (!network) return new NetDevice({ ...options, backend: { send: () => {}, onFrame: () => {} } });
    const backend = await openNetwork(network);
    this.#closers.push(() => backend.close());
    return new NetDevice({ ...options, backend });
  }

  async #ninep({ tag, path, readOnly, owners, option }: NinePConfig & VirtioCommon): Promise<DeviceModel> {
    const status = await stat(path).catch((error: unknown) => {
      throw new CommandError(`${option}: '${path}': ${systemReason(error)}`);
    });
    if (!status.isDirectory()) throw new CommandError(`${option}: '${path}': Not a directory`);
    return new NinePDevice({
      tag,
      readOnly,
      fileSystem: new HostFolder({ root: await realpath(path), owners }),
      onBackendError: (error) => this.#host.report(`${option}: ${systemReason(error)}`),
    });
  }

  async #console({ ports, maximumPorts }: ConsoleConfig): Promise<DeviceModel> {
    const opened: { readonly port: PortConfig; readonly chardev: Chardev }[] = [];
    for (const port of ports) {
      const chardev = await this.#host.openChardev(port.chardev);
      opened.push({ port, chardev });
    }
    const device: ConsoleDevice = new ConsoleDevice({
      maximumPorts,
      ports: opened.map(({ port, chardev }) => ({
        ...(port.name === undefined ? {} : { name: port.name }),
        isConsole: port.isConsole,
        onOutput: (bytes: Uint8Array) => {
          this.#host.onOutput?.(bytes);
          chardev.write(bytes);
          return chardev.congestion();
        },
        onRoom: () => chardev.room(),
      })),
    });
    opened.forEach(({ chardev }, id) => {
      chardev.connect((bytes) => device.port(id)?.input(bytes) ?? 0);
    });
    return device;
  }
}

const randomBytes = promisify(
  randomFill as (target: Uint8Array, done: (error: Error | null) => void) => void,
);
const generator: EntropySource = { fill: (target) => randomBytes(target) };

async function fillFrom(handle: FileHandle, target: Uint8Array): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await handle.read(target, done, target.length - done, null);
    if (bytesRead === 0) throw new CommandError('the file of random numbers has come to its end');
    done += bytesRead;
  }
}

/** Pages in the balloon read as zeros when the guest takes them back. */
function balloon({ deflateOnOutOfMemory }: BalloonConfig, machine: Machine): DeviceModel {
  return new BalloonDevice({
    deflateOnOutOfMemory,
    backend: {
      inflate: (address, length) => machine.vm.storage.view(address, length)?.fill(0),
      deflate: () => {},
    },
  });
}
