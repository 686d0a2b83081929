/** The virtio devices that a machine is to have, as the command line describes them. */
import type { DeviceAddress } from '@zarch/machine';
import type { ImageBlocks, ImageOptions } from '../block/image.ts';
import type { ChardevOptions } from '../chardev/chardev.ts';
import type { NetworkOptions } from '../net/network.ts';

export type VirtioDeviceConfig = VirtioCommon &
  (BlockConfig | EntropyConfig | BalloonConfig | ConsoleConfig | NetConfig | NinePConfig);

export interface VirtioCommon {
  /** The option that asked for it, for messages. */
  readonly option: string;
  readonly address: DeviceAddress | undefined;
  /** The last revision of virtio-ccw that is offered. */
  readonly lastRevision: number | undefined;
}

export interface BlockConfig {
  readonly kind: 'block';
  readonly image: ImageOptions;
  readonly blocks: ImageBlocks;
  readonly serial: string;
  readonly queues: number;
  readonly queueSize: number;
  /** Default: what the image's cache mode says. */
  readonly writeCache: boolean | undefined;
}

export interface EntropyConfig {
  readonly kind: 'entropy';
  /** A file to read, or the host's own generator. */
  readonly file: string | undefined;
  readonly rate: { readonly bytes: number; readonly milliseconds: number } | undefined;
}

export interface BalloonConfig {
  readonly kind: 'balloon';
  readonly deflateOnOutOfMemory: boolean;
}

export interface ConsoleConfig {
  readonly kind: 'console';
  readonly ports: readonly PortConfig[];
  readonly maximumPorts: number;
}

export interface PortConfig {
  readonly name: string | undefined;
  readonly isConsole: boolean;
  readonly chardev: ChardevOptions;
}

export interface NetConfig {
  readonly kind: 'net';
  readonly mac: Uint8Array;
  readonly mtu: number | undefined;
  /** Undefined for a cable that ends nowhere. */
  readonly network: NetworkOptions | undefined;
}

export interface NinePConfig {
  readonly kind: 'ninep';
  readonly tag: string;
  readonly path: string;
  readonly readOnly: boolean;
  /** Owners are set as the guest wants. */
  readonly owners: boolean;
}
