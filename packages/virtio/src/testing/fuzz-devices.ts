/** The devices that are fuzzed, each with what its host does and with requests that are nearly right. */

import type { Random } from '@zarch/arch/testing';
import { BalloonDevice } from '../balloon/balloon-device.ts';
import { BlockDevice } from '../block/block-device.ts';
import { ConsoleDevice } from '../console/console-device.ts';
import type { DeviceModel } from '../device/device-model.ts';
import { EntropyDevice } from '../entropy/entropy-device.ts';
import { NetDevice } from '../net/net-device.ts';
import { NinePDevice } from '../ninep/ninep-device.ts';
import { VsockDevice } from '../vsock/vsock-device.ts';
import { writeVsockHeader } from '../vsock/vsock-layout.ts';
import { EchoDevice } from './echo-device.ts';
import { ninePAttach, ninePRequest, ninePVersion } from './fuzz-ninep.ts';
import { concat } from './guest-driver.ts';
import { MemoryDisk } from './memory-disk.ts';
import { MemoryFileSystem } from './memory-file-system.ts';
import { TestNetwork } from './memory-network.ts';

export interface FuzzedDevice {
  readonly model: DeviceModel;
  /** What happens on the host's side. */
  act(random: Random): void;
  /** Whether a queue takes buffers for what the device receives. */
  receives(queue: number): boolean;
  /** What the backend found that a device must not do. */
  readonly problem?: () => string | undefined;
  /** The device was reset, and a driver began anew. */
  restarted(): void;
  /** What the driver sends, in its byte order as a rule. */
  request(random: Random, littleEndian: boolean): Uint8Array;
}

const restarted = () => {};
const never = () => false;
const even = (queue: number) => queue % 2 === 0;
const anything = (random: Random) => random.bytes(random.below(64));

/** A field of some bytes. */
function field(littleEndian: boolean, size: number, value: number): Uint8Array {
  const bytes = Uint8Array.from({ length: size }, (_, i) => Math.floor(value / 2 ** (8 * i)) & 0xff);
  return littleEndian ? bytes : bytes.reverse();
}

export const fuzzedDevices: readonly ((random: Random) => FuzzedDevice)[] = [
  () => {
    const model = new EchoDevice([16, 8]);
    return {
      model,
      act: (random) => {
        model.holding = random.once(2);
        model.release(random.below(4));
      },
      receives: never,
      restarted,
      request: anything,
    };
  },
  (random) => {
    const disk = new MemoryDisk(1 << 16, {
      readOnly: random.once(8),
      quick: random.once(2),
      exclusive: random.once(2),
    });
    const model = new BlockDevice({ backend: disk, queues: 1 + random.below(3), maximumInFlight: 4 });
    return {
      model,
      problem: () => (disk.outside > 0 ? 'outside the medium' : undefined),
      act: (choice) => {
        if (choice.once(4)) disk.failure = new Error('a bad spot');
        model.resized();
      },
      receives: never,
      restarted,
      request: (choice, le) => {
        const sector = () => field(le, 8, choice.once(8) ? choice.number() : choice.below(128));
        const range = () => concat([sector(), field(le, 4, choice.below(64)), field(le, 4, choice.below(3))]);
        const type = choice.pick([0, 0, 1, 1, 4, 8, 11, 13, choice.below(20)]);
        const data = type < 11 ? choice.bytes(choice.pick([0, 512, 512, choice.below(600)])) : range();
        return concat([
          field(le, 4, type),
          new Uint8Array(4),
          sector(),
          data,
          choice.once(4) ? range() : anything(choice).subarray(0, choice.below(2)),
        ]);
      },
    };
  },
  (random) => {
    const network = new TestNetwork();
    const model = new NetDevice({
      backend: network,
      mac: Uint8Array.of(2, 0, 0, 0, 0, 1),
      pairs: 1 + random.below(3),
      mtu: 1500,
    });
    return {
      model,
      act: (choice) => {
        network.sent.length = 0;
        if (choice.once(8)) model.setLink(choice.once(2));
        if (choice.once(8)) model.announce();
        network.deliver(choice.bytes(choice.below(1600)), choice.once(2));
      },
      receives: even,
      restarted,
      request: (choice, le) => {
        const flags = choice.once(4) ? choice.below(3) : 0;
        const header = [Uint8Array.of(flags, choice.once(8) ? choice.below(5) : 0), new Uint8Array(4)];
        const checksum = [field(le, 2, choice.below(60)), field(le, 2, choice.below(20)), new Uint8Array(2)];
        const type = choice.pick([
          [8, 0, 0x45],
          [0x86, 0xdd, 0x60],
          [0x81, 0, 0],
        ]);
        const frame = [choice.bytes(12), Uint8Array.from(type), choice.bytes(choice.below(200))];
        return choice.once(2) ? concat([...header, ...checksum, ...frame]) : controlCommand(choice, le);
      },
    };
  },
  (random) => {
    const ports = [{ onOutput: () => {} }, { name: 'second', onOutput: () => Promise.resolve() }];
    const model = new ConsoleDevice({
      ports,
      maximumPorts: 2 + random.below(3),
      size: { columns: 80, rows: 24 },
    });
    return {
      model,
      act: (choice) => {
        const port = model.port(choice.below(2));
        port?.input(choice.bytes(choice.below(100)));
        if (choice.once(4)) port?.setConnected(choice.once(2));
        if (choice.once(4)) model.resize({ columns: choice.below(200), rows: choice.below(100) });
      },
      receives: even,
      restarted,
      request: (choice, le) =>
        concat([field(le, 4, choice.below(4)), field(le, 2, choice.below(9)), field(le, 2, choice.below(2))]),
    };
  },
  () => {
    const model = new EntropyDevice({ source: { fill: (target) => void target.fill(1) } });
    return { model, act: () => {}, receives: () => true, restarted, request: anything };
  },
  () => {
    const check = (address: number, length: number) => {
      if (address < 0 || length <= 0) throw new Error(`a balloon of ${length} bytes at ${address}`);
    };
    const model = new BalloonDevice({ backend: { inflate: check, deflate: check, report: check } });
    return {
      model,
      act: (choice) => {
        model.setTarget(choice.number());
        model.requestStatistics();
      },
      receives: never,
      restarted,
      request: (choice, le) =>
        concat(
          Array.from({ length: choice.below(40) }, () => field(le, 4, choice.below(choice.pick([64, 300])))),
        ),
    };
  },
  () => {
    const model = new NinePDevice({ tag: 'fuzz', fileSystem: new MemoryFileSystem(65536) });
    let sent = 0;
    // A session is there from the start, so that requests get further.
    const first = [ninePVersion, ninePAttach];
    return {
      model,
      act: () => {},
      request: (choice) => (first[sent++ % 60] ?? ninePRequest)(choice),
      receives: never,
      restarted: () => {
        sent = 0;
      },
    };
  },
  () => {
    const model = new VsockDevice({
      guestCid: 3n,
      backend: {
        connect: (port, connection) => ({
          onData: (bytes) => (port === 1 ? Promise.resolve() : void connection.write(bytes)),
          onRoom: () => void connection.write(new Uint8Array(100)),
        }),
      },
    });
    return {
      model,
      act: (choice) => {
        const connection = model.connectToGuest(choice.below(3), { onData: () => {} });
        if (choice.once(3)) connection?.end();
        if (choice.once(3)) connection?.reset();
      },
      receives: even,
      restarted,
      request: (choice) => {
        const length = choice.pick([0, 10, 100]);
        const header = writeVsockHeader({
          sourceCid: choice.once(16) ? 4n : 3n,
          targetCid: choice.once(16) ? 1n : 2n,
          sourcePort: choice.below(3),
          targetPort: choice.pick([0, 1, 1024, 1025]),
          length: choice.once(16) ? choice.number() : length,
          type: choice.once(16) ? 2 : 1,
          operation: choice.pick([1, 1, 5, 5, choice.below(9)]),
          flags: choice.below(4),
          bufferSize: choice.pick([0, 50, 4096, choice.number()]),
          forwarded: choice.once(4) ? choice.number() : choice.below(200),
        });
        return concat([header, choice.bytes(length)]);
      },
    };
  },
];

/** A command of the network device's control queue, its data as long as they should be as a rule. */
function controlCommand(random: Random, littleEndian: boolean): Uint8Array {
  const address = () => Uint8Array.of(random.pick([2, 1]), 0, 0, 0, 0, random.below(3));
  const table = () => {
    const count = random.below(3);
    return concat([field(littleEndian, 4, count), ...Array.from({ length: count }, address)]);
  };
  const number = (size: number, limit: number) => field(littleEndian, size, random.below(limit));
  const [kind, code, data] = random.pick<readonly [number, number, () => Uint8Array]>([
    [0, random.below(7), () => number(1, 2)],
    [1, 0, () => concat([table(), table()])],
    [1, 1, address],
    [2, random.below(3), () => number(2, 5000)],
    [3, 0, () => new Uint8Array()],
    [4, 0, () => number(2, 4)],
    [5, 0, () => number(8, 4)],
  ]);
  return concat([Uint8Array.of(kind, code), data(), random.bytes(random.once(16) ? random.below(9) : 0)]);
}
