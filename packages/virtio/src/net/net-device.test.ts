import { describe, expect, it } from 'vitest';
import { DeviceStatus, Feature } from '../device/feature.ts';
import { VirtioDevice } from '../device/virtio-device.ts';
import { GuestDriver, type GuestDriverOptions, type RingForm, ringForms } from '../testing/guest-driver.ts';
import { GuestMemory } from '../testing/guest-memory.ts';
import { TestNetwork } from '../testing/memory-network.ts';
import { NetDevice, type NetDeviceOptions } from './net-device.ts';
import { NetFeature } from './net-layout.ts';

const MAC = Uint8Array.of(0x52, 0x54, 0, 0x12, 0x34, 0x56);
const OTHER = Uint8Array.of(0x52, 0x54, 0, 0, 0, 1);
const BROADCAST = new Uint8Array(6).fill(0xff);
const MULTICAST = Uint8Array.of(1, 0, 0x5e, 0, 0, 1);

function setUp(driverOptions: GuestDriverOptions, options: Partial<NetDeviceOptions> = {}) {
  const memory = new GuestMemory();
  const network = new TestNetwork();
  const model = new NetDevice({ backend: network, mac: MAC, ...options });
  const device = new VirtioDevice(model, { storage: memory });
  const driver = new GuestDriver(device, memory, driverOptions);
  const control = driver.queue(device.has(NetFeature.multiqueue) ? 2 * (options.pairs ?? 1) : 2);
  const command = async (...bytes: number[]) =>
    (await control.exchange([Uint8Array.from(bytes.slice(0, 2)), Uint8Array.from(bytes.slice(2))], [1]))
      .bytes[0];
  const le = device.order.littleEndian;
  const u16 = (value: number) => (le ? [value & 0xff, value >> 8] : [value >> 8, value & 0xff]);
  const u32 = (value: number) => (le ? [...u16(value), 0, 0] : [0, 0, ...u16(value)]);
  return { memory, network, model, device, driver, command, u16, u32, control };
}

function frame(to: Uint8Array, payload: readonly number[] = [1, 2, 3], vlan?: number): Uint8Array {
  const tag = vlan === undefined ? [] : [0x81, 0, vlan >> 8, vlan & 0xff];
  return Uint8Array.from([...to, ...OTHER, ...tag, 0x88, 0xb5, ...payload]);
}

const headerSize = (form: RingForm, without: readonly number[] = []) =>
  form === 'legacy' && without.includes(NetFeature.mergeableBuffers) ? 10 : 12;

describe.each(ringForms)('a network device with a %s ring', (form) => {
  it.each([
    ['mergeable buffers', []],
    ['single buffers', [NetFeature.mergeableBuffers]],
  ])('sends and receives with %s', async (_, without) => {
    const { driver, network } = setUp({ form, without });
    const size = headerSize(form, without);
    await driver.queue(1).exchange([new Uint8Array(size), frame(OTHER)]);
    expect(network.sent).toEqual([frame(OTHER)]);

    driver.queue(0).add([], [size, 100]);
    expect(network.deliver(frame(MAC))).toBe(true);
    const received = driver.queue(0).collect();
    expect(received?.written).toBe(size + 17);
    expect(received?.bytes.slice(size, size + 17)).toEqual(frame(MAC));
  });

  it('spreads a frame over mergeable buffers, and says over how many', () => {
    const { driver, network, u16 } = setUp({ form });
    const long = frame(
      MAC,
      Array.from({ length: 200 }, (_, i) => i),
    );
    driver.queue(0).add([], [100]);
    driver.queue(0).add([], [100]);
    expect(network.deliver(long)).toBe(false);
    expect(driver.queue(0).collect()).toBeUndefined();
    driver.queue(0).add([], [100]);
    driver.queue(0).notify();
    expect(network.rooms).toBe(1);
    expect(network.deliver(long)).toBe(true);
    const parts = [1, 2, 3].map(() => driver.queue(0).collect());
    expect(parts.map((part) => part?.written)).toEqual([100, 100, 26]);
    expect([...(parts[0]?.bytes.slice(10, 12) ?? [])]).toEqual(u16(3));
  });

  it('drops a frame that does not fit a single buffer, and keeps the buffer', () => {
    const without = [NetFeature.mergeableBuffers];
    const { driver, network } = setUp({ form, without });
    driver.queue(0).add([], [28]);
    expect(network.deliver(frame(MAC, new Array(100).fill(1)))).toBe(true);
    expect(driver.queue(0).collect()).toBeUndefined();
    expect(network.deliver(frame(MAC, [1]))).toBe(true);
    expect(driver.queue(0).collect()?.written).toBe(headerSize(form, without) + 15);
  });

  it('completes the checksum of a frame that wants it', async () => {
    const { driver, network, u16 } = setUp({ form });
    // A UDP header after an IPv4 header, its checksum field holding a pseudo header's sum of 0x1234.
    const packet = frame(OTHER, [...new Array(20).fill(0), 0, 53, 0, 53, 0, 11, 0x12, 0x34, 9, 9, 9]);
    const header = Uint8Array.from([1, 0, 0, 0, 0, 0, ...u16(34), ...u16(6), 0, 0]);
    await driver.queue(1).exchange([header, packet]);
    const sum = 0x12_34 + 53 + 53 + 11 + 0x0909 + 0x0900;
    const checksum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
    expect([...network.sent[0]!.slice(40, 42)]).toEqual([checksum >> 8, checksum & 0xff]);
  });

  it.each([
    [
      'whose checksum is outside',
      (u16: (v: number) => number[]) => [1, 0, 0, 0, 0, 0, ...u16(14), ...u16(2), 0, 0],
    ],
    ['to be cut into segments', () => [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ])('does not send a frame %s', async (_, header) => {
    const { driver, network, u16 } = setUp({ form });
    await driver.queue(1).exchange([Uint8Array.from(header(u16)), frame(OTHER)]);
    expect(network.sent).toEqual([]);
  });

  it('says that checksums are valid, if the driver believes it', async () => {
    const { driver, network, command } = setUp({ form });
    const flags = () => {
      driver.queue(0).add([], [100]);
      network.deliver(frame(MAC), true);
      return driver.queue(0).collect()?.bytes[0];
    };
    expect(flags()).toBe(2);
    expect(await command(5, 0, 0, 0, 0, 0, 0, 0, 0, 0)).toBe(0);
    expect(flags()).toBe(0);
  });

  it.each([
    ['a frame without header', 1, [5], []],
    ['a receive buffer without room', 0, [], [5]],
    ['a control command without acknowledgement', 2, [2], []],
    ['a control command of one byte', 2, [1], [1]],
  ])('stops at %s', (_, index, readable, writable) => {
    const { driver, device, network } = setUp({ form });
    driver.queue(index).add(
      readable.map((length) => new Uint8Array(length)),
      writable,
    );
    driver.queue(index).notify();
    network.deliver(frame(MAC));
    expect(device.status & DeviceStatus.needsReset).toBe(form === 'legacy' ? 0 : DeviceStatus.needsReset);
    expect(driver.queue(index).collect()).toBeUndefined();
  });

  it('saves and restores what the driver has set', async () => {
    const { device, memory, network, driver, command, u16 } = setUp({ form });
    await command(1, 1, ...OTHER);
    await command(0, 0, 0);
    await command(2, 0, ...u16(7));
    const state = structuredClone(device.save());
    const next = new TestNetwork();
    const other = new VirtioDevice(new NetDevice({ backend: next, mac: MAC }), { storage: memory });
    other.restore(state);
    driver.queue(0).add([], [100]);
    driver.queue(0).add([], [100]);
    next.deliver(frame(MAC));
    next.deliver(frame(OTHER, [1], 7));
    next.deliver(frame(OTHER, [1], 8));
    expect(driver.queue(0).collect()?.written).toBe(12 + 19);
    expect(driver.queue(0).collect()).toBeUndefined();
    expect(network.sent).toEqual([]);
  });
});

describe('the receive filter', () => {
  const table = (u32: (v: number) => number[], unicast: Uint8Array[], multicast: Uint8Array[]) => [
    ...u32(unicast.length),
    ...unicast.flatMap((mac) => [...mac]),
    ...u32(multicast.length),
    ...multicast.flatMap((mac) => [...mac]),
  ];
  const many = Array.from({ length: 65 }, (_, i) => Uint8Array.of(2, 0, 0, 0, 0, i));
  type Command = (u32: (v: number) => number[]) => number[];

  it.each<[string, readonly Command[], readonly boolean[]]>([
    ['nothing set', [], [true, true, true, true]],
    ['promiscuous off', [() => [0, 0, 0]], [true, false, true, false]],
    ['all multicast', [() => [0, 0, 0], () => [0, 1, 1]], [true, false, true, true]],
    ['all unicast', [() => [0, 0, 0], () => [0, 2, 1]], [true, true, true, false]],
    ['no multicast', [() => [0, 0, 0], () => [0, 1, 1], () => [0, 3, 1]], [true, false, true, false]],
    ['no unicast', [() => [0, 0, 0], () => [0, 4, 1]], [false, false, true, false]],
    ['no broadcast', [() => [0, 0, 0], () => [0, 5, 1]], [true, false, false, false]],
    [
      'tables',
      [() => [0, 0, 0], (u32) => [1, 0, ...table(u32, [OTHER], [MULTICAST])]],
      [true, true, true, true],
    ],
    [
      'a table that overflows',
      [() => [0, 0, 0], (u32) => [1, 0, ...table(u32, many, [])]],
      [true, true, true, false],
    ],
    ['another address', [() => [0, 0, 0], () => [1, 1, ...OTHER]], [false, true, true, false]],
  ])('%s', async (_, commands, expected) => {
    const { driver, network, command, u32 } = setUp({ form: 'split' });
    for (const make of commands) expect(await command(...make(u32))).toBe(0);
    const passed = [MAC, OTHER, BROADCAST, MULTICAST].map((to) => {
      driver.queue(0).add([], [100]);
      network.deliver(frame(to));
      return driver.queue(0).collect() !== undefined;
    });
    expect(passed).toEqual(expected);
  });

  it('lets virtual LANs through that were added', async () => {
    const { driver, network, command, u16 } = setUp({ form: 'legacy' });
    const passes = (vlan?: number) => {
      driver.queue(0).add([], [100]);
      network.deliver(frame(MAC, [1], vlan));
      return driver.queue(0).collect() !== undefined;
    };
    expect([passes(), passes(5)]).toEqual([true, false]);
    expect(await command(2, 0, ...u16(5))).toBe(0);
    expect([passes(5), passes(6), passes(0x1005)]).toEqual([true, false, true]);
    expect(await command(2, 1, ...u16(5))).toBe(0);
    expect(passes(5)).toBe(false);
  });
});

describe('control commands that fail', () => {
  it.each([
    ['an unknown class', [9, 0]],
    ['an unknown mode', [0, 6, 1]],
    ['a mode without value', [0, 0]],
    ['an address that is too short', [1, 1, 1, 2, 3]],
    ['a table whose count is too large', [1, 0, 255, 255, 0, 0]],
    ['a table that is not followed by another', [1, 0, 0, 0, 0, 0]],
    ['a virtual LAN that cannot be', [2, 0, 0, 0x10]],
    ['an unknown command for virtual LANs', [2, 2, 1, 0]],
    ['more pairs of queues than there are', [4, 0, 3, 0]],
    ['no pair of queues', [4, 0, 0, 0]],
    ['an offload that was not negotiated', [5, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]],
  ])('%s', async (_, bytes) => {
    const { command } = setUp({ form: 'split' }, { pairs: 2 });
    expect(await command(...bytes)).toBe(1);
  });

  it('any whose feature was not negotiated', async () => {
    const { controlRx, controlVlan, controlRxExtra, guestAnnounce, controlMac, controlGuestOffloads } =
      NetFeature;
    const without = [controlRx, controlVlan, controlRxExtra, guestAnnounce, controlMac, controlGuestOffloads];
    const { command } = setUp({ form: 'split', without });
    for (const bytes of [
      [0, 0, 1],
      [0, 2, 1],
      [1, 1, ...OTHER],
      [2, 0, 1, 0],
      [3, 0],
      [4, 0, 1, 0],
    ]) {
      expect(await command(...bytes)).toBe(1);
    }
  });
});

describe('the configuration space', () => {
  it('tells of the link and asks for an announcement', async () => {
    const { device, model, driver, command } = setUp({ form: 'split' });
    const status = () => device.readConfig(6, 2)[0];
    model.setLink(false);
    expect([status(), driver.configInterrupts]).toEqual([0, 1]);
    model.setLink(true);
    model.setLink(true);
    model.announce();
    expect([status(), driver.configInterrupts]).toEqual([3, 3]);
    expect(await command(3, 0)).toBe(0);
    expect(status()).toBe(1);
  });

  it.each([
    ['a legacy driver sets the address', 'legacy', [NetFeature.controlMac], OTHER],
    ['a legacy driver with the command does not', 'legacy', [], MAC],
    ['a driver of version 1 does not', 'split', [NetFeature.controlMac], MAC],
  ] as const)('%s', (_, form, without, mac) => {
    const { device } = setUp({ form, without });
    device.writeConfig(0, OTHER.slice(0, 3));
    device.writeConfig(3, OTHER.slice(3));
    expect(device.readConfig(0, 6)).toEqual(mac);
  });

  it('tells the MTU, and keeps to it', async () => {
    const { device, driver, network } = setUp({ form: 'split' }, { mtu: 100 });
    expect(device.readConfig(10, 2)).toEqual(Uint8Array.of(100, 0));
    driver.queue(0).add([], [500]);
    network.deliver(frame(MAC, new Array(105).fill(0)));
    await driver.queue(1).exchange([new Uint8Array(12), frame(OTHER, new Array(105).fill(0))]);
    expect([driver.queue(0).collect(), network.sent]).toEqual([undefined, []]);
    network.deliver(frame(MAC, new Array(100).fill(0)));
    expect(driver.queue(0).collect()?.written).toBe(12 + 114);
  });
});

describe('several pairs of queues', () => {
  it('answer a flow where it was sent', async () => {
    const { driver, network, command, u16, device } = setUp({ form: 'packed' }, { pairs: 4 });
    expect(device.has(NetFeature.multiqueue)).toBe(true);
    expect(await command(4, 0, ...u16(4))).toBe(0);
    await driver.queue(5).exchange([new Uint8Array(12), frame(MAC)]);
    driver.queue(4).add([], [100]);
    expect(network.deliver(frame(MAC))).toBe(true);
    expect(driver.queue(4).collect()?.written).toBe(12 + 17);
  });

  it('have the control queue third for a driver that knows of one pair', async () => {
    const { command, device } = setUp({ form: 'split', without: [NetFeature.multiqueue] }, { pairs: 4 });
    expect(device.has(Feature.version1)).toBe(true);
    expect(await command(0, 0, 1)).toBe(0);
  });
});

it('drops frames while the driver is not ready or the link is down', () => {
  const { network, model, driver } = setUp({ form: 'split', start: false });
  expect(network.deliver(frame(MAC))).toBe(true);
  driver.device.writeStatus(0x0f);
  model.setLink(false);
  driver.queue(0).add([], [100]);
  expect(network.deliver(frame(MAC))).toBe(true);
  expect(driver.queue(0).collect()).toBeUndefined();
});
