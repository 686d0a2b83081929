import { describe, expect, it } from 'vitest';
import { DeviceStatus } from '../device/feature.ts';
import { VirtioDevice } from '../device/virtio-device.ts';
import { GuestDriver, type GuestDriverOptions, ringForms } from '../testing/guest-driver.ts';
import { GuestMemory } from '../testing/guest-memory.ts';
import { ConsoleDevice, type ConsoleDeviceOptions } from './console-device.ts';
import { ConsoleEvent, ConsoleFeature } from './console-layout.ts';

const text = (value: string) => new TextEncoder().encode(value);
const string = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const settle = async () => {
  for (let i = 0; i < 50; i++) await Promise.resolve();
};

function setUp(driverOptions: GuestDriverOptions, options: Partial<ConsoleDeviceOptions> = {}) {
  const memory = new GuestMemory(8 << 20);
  const output: string[] = [];
  const opened: boolean[] = [];
  let rooms = 0;
  const port = (name?: string) => ({
    ...(name === undefined ? {} : { name }),
    onOutput: (bytes: Uint8Array) => {
      output.push(`${name ?? ''}<${string(bytes)}`);
    },
    onRoom: () => {
      rooms++;
    },
    onOpen: (open: boolean) => {
      opened.push(open);
    },
  });
  const model = new ConsoleDevice({ ports: [port()], ...options });
  const device = new VirtioDevice(model, { storage: memory });
  const driver = new GuestDriver(device, memory, driverOptions);
  const le = device.order.littleEndian;

  const control = async (id: number, event: number, value: number) => {
    const data = new DataView(new ArrayBuffer(8));
    data.setUint32(0, id, le);
    data.setUint16(4, event, le);
    data.setUint16(6, value, le);
    await driver.queue(3).exchange([new Uint8Array(data.buffer)]);
  };
  const messages = () => {
    const found: (readonly [number, number, number, string])[] = [];
    for (let answer = driver.queue(2).collect(); answer; answer = driver.queue(2).collect()) {
      const data = new DataView(answer.bytes.buffer as ArrayBuffer);
      const content = answer.bytes.subarray(8, answer.written);
      found.push([data.getUint32(0, le), data.getUint16(4, le), data.getUint16(6, le), string(content)]);
    }
    return found;
  };
  const giveBuffers = (count: number) => {
    for (let i = 0; i < count; i++) driver.queue(2).add([], [64]);
    driver.queue(2).notify();
  };
  return {
    memory,
    model,
    device,
    driver,
    output,
    opened,
    control,
    messages,
    giveBuffers,
    port,
    rooms: () => rooms,
  };
}

const { deviceReady, portAdd, portRemove, portReady, consolePort, resize, portOpen, portName } = ConsoleEvent;

describe.each(ringForms)('a console device with a %s ring', (form) => {
  it('carries bytes both ways', async () => {
    const { model, driver, output, rooms } = setUp({ form });
    await driver.queue(1).exchange([text('login'), text(': ')]);
    expect(output).toEqual(['<login: ']);
    driver.queue(0).add([], [3]);
    expect(model.port(0)?.input(text('root\n'))).toBe(3);
    expect(string(driver.queue(0).collect()!.bytes)).toBe('roo');
    expect(rooms()).toBe(0);
    driver.queue(0).add([], [100]);
    driver.queue(0).notify();
    expect(rooms()).toBe(1);
    expect(model.port(0)?.input(text('t\n'))).toBe(2);
    expect(driver.queue(0).collect()?.written).toBe(2);
  });

  it('introduces its ports to a driver that knows of several', async () => {
    const { model, control, messages, giveBuffers, opened, port, driver, output } = setUp(
      { form },
      { maximumPorts: 4 },
    );
    model.addPort(2, port('org.example'));
    giveBuffers(16);
    await control(0, deviceReady, 1);
    expect(messages()).toEqual([
      [0, portAdd, 1, ''],
      [2, portAdd, 1, ''],
    ]);
    await control(0, portReady, 1);
    await control(2, portReady, 1);
    expect(messages()).toEqual([
      [0, consolePort, 1, ''],
      [0, portOpen, 1, ''],
      [2, portName, 1, 'org.example'],
      [2, portOpen, 1, ''],
    ]);
    driver.queue(6).add([], [10]);
    expect(model.port(2)?.input(text('a'))).toBe(0);
    await control(2, portOpen, 1);
    expect(opened).toEqual([true]);
    expect(model.port(2)?.input(text('a'))).toBe(1);
    await driver.queue(7).exchange([text('hello')]);
    expect(output).toEqual(['org.example<hello']);
    await control(2, portOpen, 0);
    expect(opened).toEqual([true, false]);

    model.port(2)?.setConnected(false);
    model.removePort(2);
    model.addPort(1, port());
    expect(messages()).toEqual([
      [2, portOpen, 0, ''],
      [2, portRemove, 1, ''],
      [1, portAdd, 1, ''],
    ]);
  });

  it('keeps messages until the driver has buffers', async () => {
    const { control, messages, giveBuffers } = setUp({ form }, { maximumPorts: 2 });
    await control(0, deviceReady, 1);
    expect(messages()).toEqual([]);
    giveBuffers(1);
    expect(messages()).toEqual([[0, portAdd, 1, '']]);
  });

  it('tells a size in the configuration space, or in a message', async () => {
    const size = { columns: 80, rows: 24 };
    const one = setUp({ form }, { size });
    const read = () => {
      const data = new DataView(one.device.readConfig(0, 8).buffer as ArrayBuffer);
      const le = one.device.order.littleEndian;
      return [data.getUint16(0, le), data.getUint16(2, le), data.getUint32(4, le)];
    };
    expect(read()).toEqual([80, 24, 1]);
    one.model.resize({ columns: 132, rows: 50 });
    expect([read(), one.driver.configInterrupts]).toEqual([[132, 50, 1], 1]);

    const several = setUp({ form }, { size, maximumPorts: 2 });
    several.giveBuffers(4);
    await several.control(0, deviceReady, 1);
    several.messages();
    several.model.resize({ columns: 132, rows: 50 });
    const content = several.device.order.littleEndian ? '\x84\0\x32\0' : '\0\x84\0\x32';
    const [[port, event, , bytes]] = several.messages() as [readonly [number, number, number, string]];
    expect([port, event, bytes.length]).toEqual([0, resize, content.length]);
    expect(several.driver.configInterrupts).toBe(0);
  });

  it('takes emergency writes, at any time', () => {
    const { device, output } = setUp({ form, start: false });
    for (const character of text('ok')) {
      const word = device.order.littleEndian ? [character, 0, 0, 0] : [0, 0, 0, character];
      device.writeConfig(8, Uint8Array.from(word));
    }
    device.writeConfig(0, Uint8Array.of(1, 2));
    expect(output).toEqual(['<o', '<k']);
  });

  it('stops at an input buffer without room', () => {
    const { model, device, driver } = setUp({ form });
    driver.queue(0).add([text('x')]);
    expect(model.port(0)?.input(text('a'))).toBe(0);
    expect(device.status & DeviceStatus.needsReset).toBe(form === 'legacy' ? 0 : DeviceStatus.needsReset);
  });
});

describe('control messages that mean nothing', () => {
  it.each([
    ['for a port that is not there', 1, portReady, 1],
    ['with an unknown event', 0, 99, 1],
    ['of a port that failed', 0, portReady, 0],
  ])('%s', async (_, id, event, value) => {
    const { control, messages, giveBuffers } = setUp({ form: 'split' }, { maximumPorts: 4 });
    giveBuffers(4);
    await control(id, event, value);
    expect(messages()).toEqual([]);
  });

  it('that are too short', async () => {
    const { driver, messages, device } = setUp({ form: 'split' }, { maximumPorts: 2 });
    await driver.queue(3).exchange([new Uint8Array(7)]);
    expect([messages(), device.status & DeviceStatus.needsReset]).toEqual([[], 0]);
  });
});

it('keeps a bounded number of messages for a driver that does not read', async () => {
  const { control, messages, giveBuffers } = setUp({ form: 'packed' }, { maximumPorts: 2 });
  for (let i = 0; i < 1100; i++) await control(0, deviceReady, 1);
  let count = 0;
  for (let i = 0; i < 200; i++) {
    giveBuffers(8);
    count += messages().length;
  }
  expect(count).toBe(1024);
});

describe('output', () => {
  const waiting = () => {
    const open: (() => void)[] = [];
    const written: number[] = [];
    const onOutput = (bytes: Uint8Array) => {
      written.push(bytes.length);
      return new Promise<void>((resolve) => open.push(resolve));
    };
    return { open, written, onOutput };
  };

  it('waits for who takes it', async () => {
    const { open, written, onOutput } = waiting();
    const { driver } = setUp({ form: 'split' }, { ports: [{ onOutput }] });
    driver.queue(1).add([new Uint8Array(70_000)]);
    driver.queue(1).add([new Uint8Array(5)]);
    driver.queue(1).notify();
    expect(written).toEqual([65536]);
    open.shift()?.();
    await settle();
    expect([written, driver.queue(1).collect()]).toEqual([[65536, 4464], undefined]);
    open.shift()?.();
    await settle();
    expect(written).toEqual([65536, 4464, 5]);
    expect(driver.queue(1).collect()?.written).toBe(0);
  });

  it('is saved in the middle of a chain', async () => {
    const { open, written, onOutput } = waiting();
    const { device, driver, memory } = setUp({ form: 'packed' }, { ports: [{ onOutput }] });
    driver.queue(1).add([new Uint8Array(70_000)]);
    driver.queue(1).notify();
    expect(() => device.save()).toThrow('drain');
    const drained = device.drain();
    open.shift()?.();
    await drained;
    expect(written).toEqual([65536]);
    const state = structuredClone(device.save());
    const rest: number[] = [];
    const port = { onOutput: (bytes: Uint8Array) => void rest.push(bytes.length) };
    const other = new VirtioDevice(new ConsoleDevice({ ports: [port] }), { storage: memory });
    other.restore(state);
    other.resume();
    expect(rest).toEqual([4464]);
    expect(driver.queue(1).collect()?.written).toBe(0);
  });

  it('has breaks for other work', async () => {
    let bytes = 0;
    const port = {
      onOutput: (piece: Uint8Array) => {
        bytes += piece.length;
      },
    };
    const { driver, device, memory } = setUp({ form: 'split' }, { ports: [port] });
    const later: number[] = [];
    device.connect({
      queueInterrupt: () => {},
      configInterrupt: () => {},
      notifyLater: (queue) => later.push(queue),
    });
    const address = memory.allocate(1 << 20);
    const buffer = { address, length: 1 << 20, writable: false };
    driver.queue(1).ring.add([buffer, buffer, buffer]);
    driver.queue(1).ring.publish();
    driver.queue(1).notify();
    expect([bytes, later]).toEqual([1 << 20, [1]]);
    driver.queue(1).notify();
    driver.queue(1).notify();
    expect(bytes).toBe(3 << 20);
    expect(driver.queue(1).collect()).toBeDefined();
  });

  it('to a port that is closed is lost', async () => {
    const { driver, model, output } = setUp({ form: 'split' });
    model.port(0)?.setConnected(false);
    await driver.queue(1).exchange([text('x')]);
    expect(output).toEqual([]);
  });
});

it('offers what it was made with', () => {
  const offered = (options: Partial<ConsoleDeviceOptions>) =>
    new ConsoleDevice({ ports: [{ onOutput: () => {} }], ...options }).features;
  const { size, multiport, emergencyWrite } = ConsoleFeature;
  const bits = (...numbers: number[]) => numbers.reduce((set, bit) => set | (1n << BigInt(bit)), 0n);
  expect(offered({})).toBe(bits(emergencyWrite));
  expect(offered({ size: { columns: 80, rows: 24 } })).toBe(bits(size, emergencyWrite));
  expect(offered({ maximumPorts: 31 })).toBe(bits(multiport, emergencyWrite));
});
