/** Virtio devices of the command line, put together from `-device`, `-drive`, `-blockdev` and `-object`. */
import type { DeviceAddress } from '@zarch/machine';
import type { ImageOptions } from '../block/image.ts';
import type { ChardevOptions } from '../chardev/chardev.ts';
import { usageError } from '../command-error.ts';
import type { NetworkOptions } from '../net/network.ts';
import type { PortConfig, VirtioCommon, VirtioDeviceConfig } from '../virtio/config.ts';
import { type BlockNode, type Drive, parseBlockdev, parseDrive, plainDrive } from './drive-options.ts';
import { parseFsdev, parseVirtfs, type SharedFolder } from './fsdev-options.ts';
import { defaultMac, parseMac, parseNetdev, parseNic } from './netdev-options.ts';
import { checkKeys, type KeyList, parseKeyList, parseNumber, parseSize, switchOf } from './parse.ts';

const SERIAL_LENGTH = 20;
const MOST_QUEUES = 64;
const MOST_QUEUE_SIZE = 1024;
const MOST_PORTS = 511;
const DEFAULT_PORTS = 31;

/** The models that there are, and what they are. */
export const virtioModels: readonly { readonly name: string; readonly description: string }[] = [
  { name: 'virtio-blk-ccw', description: 'a disk, with drive=ID' },
  { name: 'virtio-net-ccw', description: 'a network, with netdev=ID' },
  { name: 'virtio-9p-ccw', description: 'a folder of the host, with fsdev=ID and mount_tag=TAG' },
  { name: 'virtio-rng-ccw', description: 'random numbers' },
  { name: 'virtio-balloon-ccw', description: 'memory ballooning' },
  { name: 'virtio-serial-ccw', description: 'a bus for virtconsole and virtserialport' },
  { name: 'virtconsole', description: 'a console of the last virtio-serial-ccw (hvc0 in Linux)' },
  { name: 'virtserialport', description: 'a port of the last virtio-serial-ccw' },
];

const aliases: Readonly<Record<string, string>> = {
  'virtio-blk': 'virtio-blk-ccw',
  'virtio-net': 'virtio-net-ccw',
  'virtio-rng': 'virtio-rng-ccw',
  'virtio-balloon': 'virtio-balloon-ccw',
  'virtio-serial': 'virtio-serial-ccw',
};

const commonKeys = ['driver', 'id', 'devno', 'max_revision', 'iommu_platform', 'bootindex', 'loadparm'];

type ChardevOf = (option: string, id: string) => ChardevOptions;
/** Makes the configuration once everything that it refers to is known. */
type Pending = (chardevOf: ChardevOf) => VirtioDeviceConfig;

interface SerialBus {
  readonly id: string | undefined;
  readonly maximumPorts: number;
  readonly ports: ((chardevOf: ChardevOf) => PortConfig)[];
}

export class VirtioDraft {
  /** Whether all images are to stay as they are. */
  snapshot = false;
  readonly #drives: Drive[] = [];
  readonly #nodes = new Map<string, BlockNode>();
  readonly #objects = new Map<string, string | undefined>();
  readonly #networks = new Map<string, NetworkOptions>();
  readonly #folders = new Map<string, SharedFolder>();
  readonly #devices: Pending[] = [];
  /** Network devices so far. */
  #netCount = 0;
  readonly #buses: SerialBus[] = [];
  readonly #used = new Set<string>();

  drive(option: string, text: string): void {
    this.#add(parseDrive(option, text));
  }

  /** An image that is named on the command line without an option. */
  image(file: string): void {
    this.#add(plainDrive(file));
  }

  blockdev(text: string): void {
    const node = parseBlockdev(text, this.#nodes);
    if (this.#nodes.has(node.name)) throw usageError(`-blockdev ${text}: duplicate node name '${node.name}'`);
    this.#nodes.set(node.name, node);
  }

  /** `-object`: generators of random numbers. */
  object(text: string): void {
    const what = `-object ${text}`;
    const list = parseKeyList('-object', text, 'qom-type');
    const id = list.get('id');
    if (!id) throw usageError(`${what}: Parameter 'id' is missing`);
    switch (list.get('qom-type')) {
      case 'rng-builtin':
        checkKeys(what, list, ['qom-type', 'id']);
        this.#objects.set(id, undefined);
        return;
      case 'rng-random':
        checkKeys(what, list, ['qom-type', 'id', 'filename']);
        this.#objects.set(id, list.get('filename') ?? '/dev/urandom');
        return;
      default:
        throw usageError(`${what}: '${list.get('qom-type')}' is not supported: only rng-builtin, rng-random`);
    }
  }

  netdev(text: string): void {
    const { id, network } = parseNetdev(text);
    if (this.#networks.has(id)) throw usageError(`-netdev ${text}: duplicate ID '${id}'`);
    this.#networks.set(id, network);
  }

  /** `-nic`: a network and its device in one. */
  nic(text: string): void {
    if (text === 'none') return;
    const { mac = defaultMac(this.#netCount), network } = parseNic(text);
    this.#netCount++;
    const common = { option: `-nic ${text}`, address: undefined, lastRevision: undefined };
    this.#devices.push(() => ({ ...common, kind: 'net', mac, mtu: undefined, network }));
  }

  fsdev(text: string): void {
    const { id, folder } = parseFsdev(text);
    if (this.#folders.has(id)) throw usageError(`-fsdev ${text}: duplicate ID '${id}'`);
    this.#folders.set(id, folder);
  }

  virtfs(text: string): void {
    const { tag, folder } = parseVirtfs(text);
    const common = { option: `-virtfs ${text}`, address: undefined, lastRevision: undefined };
    this.#devices.push(() => ({ ...common, kind: 'ninep', tag, ...folder }));
  }

  /** @returns Whether the model is one of these. */
  device(option: string, text: string): boolean {
    const list = parseKeyList(option, text, 'driver');
    const name = list.get('driver') ?? '';
    const what = `${option} ${text}`;
    switch (aliases[name] ?? name) {
      case 'virtio-blk-ccw':
        this.#block(what, list);
        return true;
      case 'virtio-net-ccw':
        this.#net(what, list);
        return true;
      case 'virtio-9p-ccw':
        this.#ninep(what, list);
        return true;
      case 'virtio-rng-ccw':
        this.#entropy(what, list);
        return true;
      case 'virtio-balloon-ccw':
        this.#balloon(what, list);
        return true;
      case 'virtio-serial-ccw':
        this.#serial(what, list);
        return true;
      case 'virtconsole':
      case 'virtserialport':
        this.#port(what, list, name === 'virtconsole');
        return true;
      default:
        return false;
    }
  }

  /** @param chardevOf - Finds a character device, and takes it. */
  finish(chardevOf: ChardevOf): readonly VirtioDeviceConfig[] {
    const devices = this.#devices.map((pending) => pending(chardevOf));
    const drives = this.#drives.filter((drive) => drive.interface === 'virtio');
    return [
      ...devices,
      ...drives.map(({ image }) => ({
        ...{ option: image.option, address: undefined, lastRevision: undefined, kind: 'block' as const },
        ...{ image: this.#image(image), blocks: { logical: 512, physical: 512 }, serial: '' },
        ...{ queues: 1, queueSize: 256, writeCache: undefined },
      })),
    ];
  }

  #add(drive: Drive): void {
    const { id, image } = drive;
    if (id !== undefined && this.#drives.some((other) => other.id === id))
      throw usageError(`${image.option}: duplicate ID '${id}'`);
    this.#drives.push(drive);
  }

  #image(image: ImageOptions): ImageOptions {
    return this.snapshot ? { ...image, snapshot: true } : image;
  }

  #block(what: string, list: KeyList): void {
    const own = ['drive', 'serial', 'num-queues', 'queue-size', 'write-cache', 'logical_block_size'];
    checkKeys(what, list, [...commonKeys, ...own, 'physical_block_size', 'scsi', 'config-wce', 'share-rw']);
    const common = commonOf(what, list);
    const name = list.get('drive');
    if (!name) throw usageError(`${what}: drive property not set`);
    const serial = list.get('serial') ?? '';
    if (Buffer.byteLength(serial) > SERIAL_LENGTH)
      throw usageError(`${what}: serial: at most ${SERIAL_LENGTH} bytes`);
    const logical = blockSizeOf(what, list, 'logical_block_size', 512);
    const physical = blockSizeOf(what, list, 'physical_block_size', logical);
    if (physical < logical)
      throw usageError(`${what}: physical_block_size is smaller than logical_block_size`);
    const number = (key: string, most: number, otherwise: number) => {
      const value = list.get(key);
      return value === undefined ? otherwise : parseNumber(`${what}: ${key}`, value, 1, most);
    };
    const queues = number('num-queues', MOST_QUEUES, 1);
    const queueSize = number('queue-size', MOST_QUEUE_SIZE, 256);
    if ((queueSize & (queueSize - 1)) !== 0) throw usageError(`${what}: queue-size is not a power of two`);
    const writeCache = list.has('write-cache') ? switchOf(what, list, 'write-cache', true) : undefined;
    this.#devices.push(() => {
      const image = this.#image(this.#imageOf(what, name));
      return {
        ...{ ...common, kind: 'block', image, blocks: { logical, physical }, serial },
        ...{ queues, queueSize, writeCache },
      };
    });
  }

  #imageOf(what: string, name: string): ImageOptions {
    const drive = this.#drives.find(({ id }) => id === name);
    if (drive?.interface === 'virtio' || this.#used.has(name))
      throw usageError(`${what}: Drive '${name}' is already in use by another block device`);
    const image = drive?.image ?? this.#nodes.get(name)?.image;
    if (!image) throw usageError(`${what}: Property 'virtio-blk-device.drive' can't find value '${name}'`);
    this.#used.add(name);
    return image;
  }

  #entropy(what: string, list: KeyList): void {
    checkKeys(what, list, [...commonKeys, 'rng', 'max-bytes', 'period']);
    const common = commonOf(what, list);
    const bytes = list.get('max-bytes');
    const period = list.get('period');
    const rate =
      bytes === undefined
        ? undefined
        : {
            bytes: parseSize(`${what}: max-bytes`, bytes, 1),
            milliseconds: parseNumber(`${what}: period`, period ?? '65536', 1, 2 ** 31 - 1),
          };
    const rng = list.get('rng');
    this.#devices.push(() => {
      if (rng !== undefined && !this.#objects.has(rng))
        throw usageError(`${what}: Device '${rng}' not found: it is to be an -object`);
      return {
        ...common,
        kind: 'entropy',
        file: rng === undefined ? undefined : this.#objects.get(rng),
        rate,
      };
    });
  }

  #net(what: string, list: KeyList): void {
    checkKeys(what, list, [...commonKeys, 'netdev', 'mac', 'host_mtu']);
    const common = commonOf(what, list);
    const [name, address, mtuText] = [list.get('netdev'), list.get('mac'), list.get('host_mtu')];
    const mac = address === undefined ? defaultMac(this.#netCount) : parseMac(what, address);
    this.#netCount++;
    const mtu = mtuText === undefined ? undefined : parseNumber(`${what}: host_mtu`, mtuText, 68, 65535);
    this.#devices.push(() => {
      const network = name === undefined ? undefined : this.#networks.get(name);
      if (name !== undefined && (!network || this.#used.has(`netdev ${name}`)))
        throw usageError(
          `${what}: Property 'virtio-net-ccw.netdev' can't find value '${name}', or it is in use`,
        );
      this.#used.add(`netdev ${name}`);
      return { ...common, kind: 'net', mac, mtu, network };
    });
  }

  #ninep(what: string, list: KeyList): void {
    checkKeys(what, list, [...commonKeys, 'fsdev', 'mount_tag']);
    const common = commonOf(what, list);
    const [name, tag] = [list.get('fsdev'), list.get('mount_tag')];
    if (!name) throw usageError(`${what}: fsdev property not set`);
    if (!tag) throw usageError(`${what}: mount_tag property not set`);
    this.#devices.push(() => {
      const folder = this.#folders.get(name);
      if (!folder) throw usageError(`${what}: Virtio-9p device couldn't find fsdev with the id = ${name}`);
      return { ...common, kind: 'ninep', tag, ...folder };
    });
  }

  #balloon(what: string, list: KeyList): void {
    checkKeys(what, list, [...commonKeys, 'deflate-on-oom']);
    const common = commonOf(what, list);
    const deflateOnOutOfMemory = switchOf(what, list, 'deflate-on-oom', false);
    this.#devices.push(() => ({ ...common, kind: 'balloon', deflateOnOutOfMemory }));
  }

  #serial(what: string, list: KeyList): void {
    checkKeys(what, list, [...commonKeys, 'max_ports']);
    const common = commonOf(what, list);
    const ports = list.get('max_ports');
    const maximumPorts =
      ports === undefined ? DEFAULT_PORTS : parseNumber(`${what}: max_ports`, ports, 1, MOST_PORTS);
    const bus: SerialBus = { id: list.get('id'), maximumPorts, ports: [] };
    this.#buses.push(bus);
    this.#devices.push((chardevOf) => {
      if (bus.ports.length > maximumPorts) throw usageError(`${what}: more ports than max_ports`);
      return { ...common, kind: 'console', maximumPorts, ports: bus.ports.map((port) => port(chardevOf)) };
    });
  }

  #port(what: string, list: KeyList, isConsole: boolean): void {
    checkKeys(what, list, ['driver', 'id', 'chardev', 'name', 'bus', 'nr']);
    const wanted = list.get('bus')?.replace(/\.\d+$/, '');
    const bus = wanted === undefined ? this.#buses.at(-1) : this.#buses.find(({ id }) => id === wanted);
    if (!bus)
      throw usageError(`${what}: No 'virtio-serial-bus' bus found: give -device virtio-serial-ccw first`);
    // Port 0 is for a console.
    if (bus.ports.length === 0 && !isConsole)
      bus.ports.push(() => ({ name: undefined, isConsole: true, chardev: { kind: 'null' } }));
    const chardev = list.get('chardev');
    bus.ports.push((chardevOf) => ({
      name: list.get('name'),
      isConsole,
      chardev: chardev === undefined ? { kind: 'null' } : chardevOf(what, chardev),
    }));
  }
}

function commonOf(what: string, list: KeyList): VirtioCommon {
  const devno = list.get('devno');
  const revision = list.get('max_revision');
  return {
    option: what,
    address: devno === undefined ? undefined : parseDeviceNumber(what, devno),
    lastRevision: revision === undefined ? undefined : parseNumber(`${what}: max_revision`, revision, 0, 2),
  };
}

/** Parses `fe.0.0001`: channel subsystem, subchannel set, device number, all hexadecimal. */
function parseDeviceNumber(what: string, text: string): DeviceAddress {
  const match = /^([\da-f]{1,2})\.([\da-f])\.([\da-f]{1,4})$/i.exec(text);
  const [cssid = 0, ssid = 0, deviceNumber = 0] = (match ?? [])
    .slice(1)
    .map((part) => Number.parseInt(part, 16));
  if (!match || ssid > 3) throw usageError(`${what}: devno '${text}' is not of the form fe.0.0001`);
  if (cssid !== 0xfe)
    throw usageError(`${what}: devno '${text}': virtio devices are in channel subsystem fe`);
  return { cssid, ssid, deviceNumber };
}

function blockSizeOf(what: string, list: KeyList, key: string, otherwise: number): number {
  const text = list.get(key);
  if (text === undefined) return otherwise;
  const size = parseSize(`${what}: ${key}`, text, 1);
  if (size < 512 || size > 32768 || (size & (size - 1)) !== 0)
    throw usageError(`${what}: ${key} must be a power of two between 512 and 32768`);
  return size;
}
