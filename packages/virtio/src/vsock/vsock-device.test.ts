import { describe, expect, it } from 'vitest';
import { DeviceStatus, Feature } from '../device/feature.ts';
import { VirtioDevice } from '../device/virtio-device.ts';
import { concat, GuestDriver, type RingForm } from '../testing/guest-driver.ts';
import { GuestMemory } from '../testing/guest-memory.ts';
import type { VsockConnection, VsockHandlers } from './vsock-connection.ts';
import { VsockDevice } from './vsock-device.ts';
import { readVsockHeader, VsockOperation, writeVsockHeader } from './vsock-layout.ts';

const text = (value: string) => new TextEncoder().encode(value);
const { request, response, reset, shutdown, data, creditUpdate, creditRequest } = VsockOperation;

function setUp(form: RingForm = 'split', onData?: VsockHandlers['onData']) {
  const memory = new GuestMemory();
  const events: string[] = [];
  const connections: VsockConnection[] = [];
  const handlers = (name: string): VsockHandlers => ({
    onOpen: () => void events.push(`${name} open`),
    onData: onData ?? ((bytes) => void events.push(`${name} <${new TextDecoder().decode(bytes)}`)),
    onEnd: () => void events.push(`${name} end`),
    onRoom: () => void events.push(`${name} room`),
    onClose: () => void events.push(`${name} close`),
  });
  const connect = (port: number, connection: VsockConnection) => {
    if (port === 99) return undefined;
    connections.push(connection);
    return handlers(`${port}`);
  };
  const make = () => new VsockDevice({ guestCid: 3n, backend: { connect } });
  const model = make();
  const device = new VirtioDevice(model, { storage: memory });
  const driver = new GuestDriver(device, memory, { form, queueSize: 64, without: [Feature.eventIndex] });
  const receive = () => {
    const answer = driver.queue(0).collect();
    if (answer === undefined) return undefined;
    const header = readVsockHeader(answer.bytes);
    return { ...header, payload: new TextDecoder().decode(answer.bytes.subarray(44, answer.written)) };
  };
  const giveBuffers = (count: number, size = 100) => {
    for (let i = 0; i < count; i++) driver.queue(0).add([], [size]);
    driver.queue(0).notify();
  };
  const packet = (
    operation: number,
    changes: Partial<Parameters<typeof writeVsockHeader>[0]> = {},
    payload = '',
  ) => {
    const bytes = text(payload);
    const header = writeVsockHeader({
      sourceCid: 3n,
      targetCid: 2n,
      sourcePort: 5000,
      targetPort: 80,
      length: bytes.length,
      type: 1,
      operation,
      flags: 0,
      bufferSize: 1000,
      forwarded: 0,
      ...changes,
    });
    driver.queue(1).add([header, bytes]);
    driver.queue(1).notify();
    driver.queue(1).collect();
  };
  return { memory, events, connections, handlers, make, model, device, driver, receive, giveBuffers, packet };
}

describe.each(['split', 'packed'] as const)('a socket device with a %s ring', (form) => {
  it('carries what the guest begins', () => {
    const { connections, events, receive, giveBuffers, packet, device } = setUp(form);
    expect(device.readConfig(0, 8)).toEqual(Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0));
    giveBuffers(8);
    packet(request);
    expect(receive()).toMatchObject({
      operation: response,
      sourceCid: 2n,
      targetCid: 3n,
      sourcePort: 80,
      targetPort: 5000,
    });
    packet(data, {}, 'GET /');
    expect(connections[0]?.write(text('200 OK'))).toBe(6);
    expect(receive()).toMatchObject({
      operation: data,
      length: 6,
      payload: '200 OK',
      forwarded: 5,
      bufferSize: 65536,
    });
    packet(shutdown, { flags: 3 });
    expect(receive()).toMatchObject({ operation: reset });
    expect(events).toEqual(['80 <GET /', '80 end', '80 close']);
    expect(connections[0]?.write(text('x'))).toBe(0);
  });

  it('carries what the host begins', () => {
    const { model, events, handlers, receive, giveBuffers, packet } = setUp(form);
    giveBuffers(8);
    const connection = model.connectToGuest(22, handlers('ssh'));
    const header = receive();
    expect(header).toMatchObject({ operation: request, targetPort: 22 });
    expect(connection?.write(text('early'))).toBe(0);
    packet(response, { sourcePort: 22, targetPort: header?.sourcePort ?? 0 });
    expect(connection?.write(text('hello'))).toBe(5);
    expect(receive()?.payload).toBe('hello');
    connection?.end();
    expect(receive()).toMatchObject({ operation: shutdown, flags: 2 });
    packet(shutdown, { sourcePort: 22, targetPort: header?.sourcePort ?? 0, flags: 2 });
    expect(receive()).toMatchObject({ operation: reset });
    expect(events).toEqual(['ssh open', 'ssh end', 'ssh close']);
  });

  it('sends no more than the guest has room for', () => {
    const { connections, events, receive, giveBuffers, packet } = setUp(form);
    giveBuffers(20);
    packet(request, { bufferSize: 60 });
    receive();
    expect(connections[0]?.write(new Uint8Array(200))).toBe(60);
    expect([receive()?.length, receive()?.length, receive()]).toEqual([56, 4, undefined]);
    packet(creditUpdate, { bufferSize: 60, forwarded: 50 });
    expect(events).toEqual(['80 room']);
    expect(connections[0]?.write(new Uint8Array(200))).toBe(50);
  });

  it('waits for buffers, and keeps the order of packets', () => {
    const { connections, events, receive, giveBuffers, packet } = setUp(form);
    packet(request);
    expect(connections[0]?.write(text('a'))).toBe(0);
    giveBuffers(1);
    expect([receive()?.operation, events]).toEqual([response, ['80 room']]);
    expect(connections[0]?.write(text('a'))).toBe(0);
    giveBuffers(1);
    expect(connections[0]?.write(text('a'))).toBe(1);
    expect(receive()?.payload).toBe('a');
  });
});

describe('packets that are answered with a reset', () => {
  it.each([
    ['to a port that nobody listens to', request, { targetPort: 99 }],
    ['to a connection that is not there', data, {}],
    ['to another host', request, { targetCid: 7n }],
    ['of another type', request, { type: 2 }],
  ])('%s', (_, operation, changes) => {
    const { receive, giveBuffers, packet, connections } = setUp();
    giveBuffers(1);
    packet(operation, changes);
    expect(receive()).toMatchObject({ operation: reset, targetPort: 5000 });
    expect(connections).toEqual([]);
  });

  it.each([
    ['a second request', request],
    ['a response nobody asked for', response],
    ['an unknown operation', 77],
  ])('%s on a connection', (_, operation) => {
    const { events, receive, giveBuffers, packet } = setUp();
    giveBuffers(2);
    packet(request);
    packet(operation);
    expect([receive()?.operation, receive()?.operation]).toEqual([response, reset]);
    expect(events).toEqual(['80 close']);
  });
});

it.each([
  ['from someone else', { sourceCid: 9n }],
  ['with fewer bytes than they say', { length: 10 }],
])('ignores packets %s', (_, changes) => {
  const { connections, receive, giveBuffers, packet, device } = setUp();
  giveBuffers(1);
  packet(request, changes);
  expect([connections, receive(), device.status & DeviceStatus.needsReset]).toEqual([[], undefined, 0]);
});

it('answers a request for credit, and tells of room before the guest runs out of it', async () => {
  const open: (() => void)[] = [];
  const { receive, giveBuffers, packet } = setUp(
    'split',
    () => new Promise<void>((resolve) => open.push(resolve)),
  );
  giveBuffers(8);
  packet(request);
  receive();
  packet(creditRequest);
  expect(receive()).toMatchObject({ operation: creditUpdate, forwarded: 0 });
  const long = 'x'.repeat(20_000);
  for (let i = 0; i < 3; i++) packet(data, {}, long);
  for (const resolve of open.splice(0, 2)) resolve();
  await Promise.resolve();
  expect(receive()).toMatchObject({ operation: creditUpdate, forwarded: 40_000 });
  for (let i = 0; i < 2; i++) packet(data, {}, long);
  expect(receive()).toBeUndefined();
  packet(data, {}, long);
  expect(receive()).toMatchObject({ operation: reset });
});

it('looks at no more packets while the guest does not take answers', () => {
  const { driver, packet, giveBuffers, receive } = setUp();
  for (let i = 0; i < 300; i++) packet(data);
  expect(driver.queue(1).collect()).toBeUndefined();
  let answers = 0;
  for (let i = 0; i < 100; i++) {
    giveBuffers(8);
    while (receive() !== undefined) answers++;
    driver.queue(1).notify();
    while (driver.queue(1).collect());
  }
  expect(answers).toBeGreaterThanOrEqual(256);
});

it.each([
  ['a packet without its header', 1, [43], []],
  ['a receive buffer without room', 0, [], [43]],
])('stops at %s', (_, index, readable, writable) => {
  const { driver, device, packet } = setUp();
  driver.queue(index).add([concat(readable.map((length) => new Uint8Array(length)))], writable);
  driver.queue(index).notify();
  packet(request);
  expect(device.status & DeviceStatus.needsReset).toBe(DeviceStatus.needsReset);
});

it('closes connections at a reset, and tells a guest that was restored', () => {
  const { device, memory, make, events, packet, driver } = setUp();
  packet(request);
  const state = structuredClone(device.save());
  device.reset();
  expect(events).toEqual(['80 close']);
  const other = new VirtioDevice(make(), { storage: memory });
  other.restore(state);
  driver.queue(2).add([], [4]);
  other.resume();
  expect(driver.queue(2).collect()).toMatchObject({ written: 4, bytes: new Uint8Array(4) });
});
