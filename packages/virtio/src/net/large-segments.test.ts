import { describe, expect, it } from 'vitest';
import { VirtioDevice } from '../device/virtio-device.ts';
import { GuestDriver, ringForms } from '../testing/guest-driver.ts';
import { GuestMemory } from '../testing/guest-memory.ts';
import { LargeSegmentNetwork, TestNetwork } from '../testing/memory-network.ts';
import { NetDevice } from './net-device.ts';
import { NetFeature } from './net-layout.ts';

const MAC = Uint8Array.of(0x52, 0x54, 0, 0x12, 0x34, 0x56);
const HEADER = 12;
const TSO = [NetFeature.guestTso4, NetFeature.guestTso6, NetFeature.hostTso4, NetFeature.hostTso6];

/** A frame of TCP with so many bytes of data, its checksum field holding the pseudo header's sum. */
function tcpFrame(family: 4 | 6, length: number): Uint8Array {
  const start = family === 4 ? 34 : 54;
  const frame = new Uint8Array(start + 20 + length).fill(0x5a, start + 20);
  frame.set(MAC, 0);
  frame.set(family === 4 ? [0x08, 0x00, 0x45] : [0x86, 0xdd, 0x60], 12);
  frame[family === 4 ? 23 : 20] = 6;
  frame[start + 12] = 5 << 4;
  frame.set([0x12, 0x34], start + 16);
  return frame;
}

function setUp(form: (typeof ringForms)[number], without: readonly number[] = []) {
  const memory = new GuestMemory();
  const network = new LargeSegmentNetwork();
  const device = new VirtioDevice(new NetDevice({ backend: network, mac: MAC }), { storage: memory });
  const driver = new GuestDriver(device, memory, { form, without });
  const command = async (...bytes: number[]) =>
    (
      await driver
        .queue(2)
        .exchange([Uint8Array.from(bytes.slice(0, 2)), Uint8Array.from(bytes.slice(2))], [1])
    ).bytes[0];
  const le = device.order.littleEndian;
  const u16 = (value: number) => (le ? [value & 0xff, value >> 8] : [value >> 8, value & 0xff]);
  const offloads = (bits: number) =>
    le ? [...u16(bits), 0, 0, 0, 0, 0, 0] : [0, 0, 0, 0, 0, 0, ...u16(bits)];
  return { memory, network, device, driver, command, u16, offloads };
}

describe.each(ringForms)('large TCP segments with a %s ring', (form) => {
  it.each([
    [4, 1, 34],
    [6, 4, 54],
  ] as const)('of IPv%i reach the guest, and say what they stand for', (family, type, start) => {
    const { network, driver, u16 } = setUp(form);
    const frame = tcpFrame(family, 5000);
    for (let i = 0; i < 4; i++) driver.queue(0).add([], [2000]);
    expect(network.deliver(frame, true, 1460)).toBe(true);
    const first = driver.queue(0).collect()?.bytes ?? new Uint8Array();
    const lengths = [...u16(start + 20), ...u16(1460), ...u16(start), ...u16(16)];
    expect([...first.slice(0, 10)]).toEqual([1, type, ...lengths]);
    expect(first.slice(HEADER, HEADER + 60)).toEqual(frame.slice(0, 60));
  });

  it.each([
    [4, 1, 34],
    [6, 4, 54],
  ] as const)('of IPv%i come from the guest whole, with a checksum', async (family, type, start) => {
    const { network, driver, u16 } = setUp(form);
    const header = Uint8Array.from([
      1,
      type,
      ...u16(start + 20),
      ...u16(1460),
      ...u16(start),
      ...u16(16),
      0,
      0,
    ]);
    const frame = tcpFrame(family, 5000);
    await driver.queue(1).exchange([header, frame]);
    const [sent] = network.sent;
    expect(sent?.length).toBe(frame.length);
    expect([...(sent?.slice(start + 16, start + 18) ?? [])]).not.toEqual([0x12, 0x34]);
  });

  it('are taken as far as the driver has negotiated and not switched them off', async () => {
    const { network, driver, command, device, offloads } = setUp(form);
    expect(network.taken).toEqual({ 4: true, 6: true });
    expect(await command(5, 0, ...offloads(0b1_0000_0010))).toBe(0);
    expect(network.taken).toEqual({ 4: false, 6: true });
    driver.queue(0).add([], [8000]);
    expect(network.deliver(tcpFrame(4, 5000), true, 1460)).toBe(true);
    expect(driver.queue(0).collect()).toBeUndefined();
    const state = structuredClone(device.save());
    device.reset();
    expect(network.taken).toEqual({ 4: false, 6: false });
    device.restore(state);
    expect(network.taken).toEqual({ 4: false, 6: true });
  });

  it('are no frames for a driver that does not know them, in either direction', async () => {
    const { network, driver, u16 } = setUp(form, TSO);
    expect(network.taken).toEqual({ 4: false, 6: false });
    driver.queue(0).add([], [8000]);
    expect(network.deliver(tcpFrame(4, 5000), true, 1460)).toBe(true);
    expect(driver.queue(0).collect()).toBeUndefined();
    const header = Uint8Array.from([1, 1, 0, 0, ...u16(1460), ...u16(34), ...u16(16), 0, 0]);
    await driver.queue(1).exchange([header, tcpFrame(4, 5000)]);
    expect(network.sent).toEqual([]);
  });
});

it('large segments are not offered where the network cannot take them', () => {
  const model = new NetDevice({ backend: new TestNetwork(), mac: MAC });
  for (const feature of TSO) expect((model.features >> BigInt(feature)) & 1n).toBe(0n);
});
