import { describe, expect, it } from 'vitest';
import { DeviceStatus } from '../device/feature.ts';
import { VirtioDevice } from '../device/virtio-device.ts';
import { GuestDriver, type RingForm, ringForms } from '../testing/guest-driver.ts';
import { GuestMemory } from '../testing/guest-memory.ts';
import { MemoryFileSystem } from '../testing/memory-file-system.ts';
import { NinePClient } from '../testing/ninep-client.ts';
import { NinePType } from './message.ts';
import { NinePDevice } from './ninep-device.ts';

function setUp(form: RingForm) {
  const memory = new GuestMemory();
  const fileSystem = new MemoryFileSystem();
  const device = new VirtioDevice(new NinePDevice({ tag: 'share', fileSystem }), { storage: memory });
  const driver = new GuestDriver(device, memory, { form });
  const client = new NinePClient(async (message) => {
    const { bytes, written } = await driver
      .queue(0)
      .exchange([message.slice(0, 7), message.slice(7)], [11, 8181]);
    return bytes.slice(0, written);
  });
  return { memory, fileSystem, device, driver, client };
}

const text = (value: string) => new TextEncoder().encode(value);

describe.each(ringForms)('a 9P device with a %s ring', (form) => {
  it('serves a folder', async () => {
    const { client, device } = setUp(form);
    await client.mount();
    await client.walk(0, 1);
    await client.lcreate(1, 'a');
    await client.write(1, 0, text('hello'));
    const reply = await client.read(1, 1, 3);
    expect(reply.errno === undefined && reply.bytes.slice(4)).toEqual(text('ell'));
    const tag = device.order.littleEndian ? '\x05\0share' : '\0\x05share';
    expect(device.readConfig(0, 7)).toEqual(text(tag));
  });

  it.each([
    ['without header', [6], [100]],
    ['without room for an error', [11], [10]],
  ])('stops at a request %s', async (_, readable, writable) => {
    const { driver, device } = setUp(form);
    driver.queue(0).add(
      readable.map((length) => new Uint8Array(length)),
      writable,
    );
    driver.queue(0).notify();
    // The session before the reset is closed first.
    await device.drain();
    device.resume();
    expect(device.status & DeviceStatus.needsReset).toBe(form === 'legacy' ? 0 : DeviceStatus.needsReset);
  });

  it('answers an error to a request that is larger than agreed', async () => {
    const { driver } = setUp(form);
    const request = new Uint8Array(10_000);
    new DataView(request.buffer).setUint32(0, request.length, true);
    const { bytes } = await driver.queue(0).exchange([request], [11]);
    expect(bytes[4]).toBe(NinePType.lerror + 1);
  });

  it('closes files when it is reset', async () => {
    const { client, device, fileSystem } = setUp(form);
    await client.mount();
    await client.lcreate(0, 'a');
    expect(fileSystem.openFiles).toBe(1);
    device.reset();
    await device.drain();
    expect(fileSystem.openFiles).toBe(0);
  });

  it('saves fids, and opens files again', async () => {
    const { client, device, driver, memory, fileSystem } = setUp(form);
    await client.mount();
    await client.walk(0, 1);
    await client.lcreate(1, 'a');
    await client.write(1, 0, text('hello'));
    await client.lopen(0);
    await device.drain();
    const state = structuredClone(device.save());
    const other = new VirtioDevice(new NinePDevice({ tag: 'share', fileSystem }), { storage: memory });
    other.restore(state);
    other.resume();
    const next = new NinePClient(async (message) => {
      driver.queue(0).add([message], [8192]);
      other.notify(0);
      const { bytes, written } = await driver.queue(0).answer();
      return bytes.slice(0, written);
    });
    const reply = await next.read(1, 0, 10);
    expect(reply.errno === undefined && reply.bytes.slice(4)).toEqual(text('hello'));
    expect((await next.readdir(0)).map(({ name }) => name)).toEqual(['.', '..', 'a']);
  });
});

it('does a reset after the request that is under way', async () => {
  const { client, device, fileSystem } = setUp('split');
  await client.mount();
  const open = client.lcreate(0, 'a');
  device.reset();
  await device.drain();
  expect(fileSystem.openFiles).toBe(0);
  await expect(open).rejects.toThrow('used no buffer');
});
