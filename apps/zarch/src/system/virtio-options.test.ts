import { describe, expect, test } from 'vitest';
import { CommandError } from '../command-error.ts';
import type { VirtioDeviceConfig } from '../virtio/config.ts';
import { parseSystemOptions } from './options.ts';

function parsed(text: string): readonly VirtioDeviceConfig[] {
  const words = text.split(' ').filter((word) => word !== '');
  const result = parseSystemOptions(['-kernel', 'k', ...words]);
  if (result.kind !== 'machine') throw new Error(`asks for ${result.what}`);
  return result.options.devices;
}

const cached = { writeback: true, direct: false, noFlush: false };
const image = { file: 'x', readOnly: false, cache: cached, snapshot: false, locking: true, raw: false };

describe('a disk', () => {
  test.each<[string, object]>([
    ['-drive file=x', { kind: 'block', image, serial: '', queues: 1, address: undefined }],
    ['-drive file=x,if=virtio,format=raw', { image: { raw: true } }],
    ['-drive file=a,,b', { image: { file: 'a,b' } }],
    ['-hda x', { image }],
    ['x', { image }],
    ['-drive file=x,readonly', { image: { readOnly: true } }],
    ['-drive file=x,read-only=on', { image: { readOnly: true } }],
    ['-drive file=x,snapshot=on', { image: { snapshot: true } }],
    ['-snapshot x', { image: { snapshot: true } }],
    ['-drive file=x,cache=none', { image: { cache: { writeback: true, direct: true, noFlush: false } } }],
    ['-drive file=x,cache=writeback', { image: { cache: cached } }],
    ['-drive file=x,cache=writethrough', { image: { cache: { ...cached, writeback: false } } }],
    [
      '-drive file=x,cache=directsync',
      { image: { cache: { writeback: false, direct: true, noFlush: false } } },
    ],
    ['-drive file=x,cache=unsafe', { image: { cache: { ...cached, noFlush: true } } }],
    ['-drive file=x,cache=unsafe,cache.no-flush=off', { image: { cache: cached } }],
    ['-drive file=x,file.locking=off', { image: { locking: false } }],
    [
      '-drive file=x,if=none,id=d -device virtio-blk-ccw,drive=d,devno=fe.1.00ab,serial=S,max_revision=1',
      { image, serial: 'S', lastRevision: 1, address: { cssid: 0xfe, ssid: 1, deviceNumber: 0xab } },
    ],
    [
      '-device virtio-blk,drive=d,num-queues=2,queue-size=128,write-cache=off -drive file=x,if=none,id=d',
      { queues: 2, queueSize: 128, writeCache: false },
    ],
    [
      '-drive file=x,if=none,id=d -device virtio-blk-ccw,drive=d,logical_block_size=4k',
      { blocks: { logical: 4096, physical: 4096 } },
    ],
    [
      '-blockdev driver=file,node-name=f,filename=x,cache.direct=on -blockdev raw,node-name=r,file=f,read-only=on -device virtio-blk-ccw,drive=r',
      {
        image: {
          file: 'x',
          readOnly: true,
          cache: { writeback: true, direct: true, noFlush: false },
          raw: true,
        },
      },
    ],
    [
      '-blockdev {"driver":"raw","node-name":"r","file":{"driver":"file","filename":"x","locking":"off"}} -device virtio-blk-ccw,drive=r',
      { image: { file: 'x', locking: false } },
    ],
  ])('%s', (text, expected) => {
    const [device] = parsed(text);
    expect(device).toMatchObject(expected);
  });

  test('of -drive comes after those of -device', () => {
    const devices = parsed('-drive file=a -drive file=b,if=none,id=d -device virtio-blk-ccw,drive=d');
    expect(devices.map((device) => (device.kind === 'block' ? device.image.file : ''))).toEqual(['b', 'a']);
  });

  test('that no device uses is no device', () => {
    expect(parsed('-drive file=a,if=none,id=d')).toEqual([]);
  });
});

describe('another device', () => {
  test.each<[string, object]>([
    ['-device virtio-rng-ccw', { kind: 'entropy', file: undefined, rate: undefined }],
    ['-object rng-random,id=r,filename=f -device virtio-rng-ccw,rng=r', { file: 'f' }],
    ['-object rng-builtin,id=r -device virtio-rng,rng=r', { file: undefined }],
    ['-device virtio-rng-ccw,max-bytes=1024,period=1000', { rate: { bytes: 1024, milliseconds: 1000 } }],
    ['-device virtio-balloon-ccw,deflate-on-oom=on', { kind: 'balloon', deflateOnOutOfMemory: true }],
    ['-device virtio-serial-ccw', { kind: 'console', ports: [], maximumPorts: 31 }],
    [
      '-chardev null,id=c -device virtio-serial-ccw,id=s -device virtconsole,chardev=c,bus=s.0',
      { ports: [{ isConsole: true, chardev: { kind: 'null' } }] },
    ],
    [
      '-device virtio-serial-ccw,max_ports=4 -device virtserialport,name=org.x',
      { maximumPorts: 4, ports: [{ isConsole: true }, { isConsole: false, name: 'org.x' }] },
    ],
  ])('%s', (text, expected) => {
    expect(parsed(text)[0]).toMatchObject(expected);
  });
});

describe('refused', () => {
  test.each([
    ['-drive if=virtio', "-drive if=virtio: a drive without 'file' is not supported"],
    ['-drive file=x,if=ide', '-drive file=x,if=ide: if=ide: only virtio and none are supported'],
    [
      '-drive file=x,format=qcow2',
      "-drive file=x,format=qcow2: Unknown driver 'qcow2': only raw images are supported",
    ],
    ['-drive file=x,cache=warm', "-drive file=x,cache=warm: invalid cache option 'warm'"],
    ['-drive file=x,bps=1', "-drive file=x,bps=1: property 'bps' is not supported"],
    ['-drive file=x,id=d -drive file=y,id=d', "-drive file=y,id=d: duplicate ID 'd'"],
    ['-device virtio-blk-ccw', '-device virtio-blk-ccw: drive property not set'],
    [
      '-device virtio-blk-ccw,drive=d',
      "-device virtio-blk-ccw,drive=d: Property 'virtio-blk-device.drive' can't find value 'd'",
    ],
    [
      '-drive file=x,id=d -device virtio-blk-ccw,drive=d',
      "-device virtio-blk-ccw,drive=d: Drive 'd' is already in use by another block device",
    ],
    [
      '-device virtio-rng-ccw,devno=0.0.0001',
      "-device virtio-rng-ccw,devno=0.0.0001: devno '0.0.0001': virtio devices are in channel subsystem fe",
    ],
    [
      '-device virtio-rng-ccw,devno=5',
      "-device virtio-rng-ccw,devno=5: devno '5' is not of the form fe.0.0001",
    ],
    [
      '-device virtio-blk-ccw,drive=d,serial=123456789012345678901',
      '-device virtio-blk-ccw,drive=d,serial=123456789012345678901: serial: at most 20 bytes',
    ],
    [
      '-device virtio-blk-ccw,drive=d,queue-size=100',
      '-device virtio-blk-ccw,drive=d,queue-size=100: queue-size is not a power of two',
    ],
    [
      '-device virtio-rng-ccw,rng=r',
      "-device virtio-rng-ccw,rng=r: Device 'r' not found: it is to be an -object",
    ],
    ['-object tls,id=x', "-object tls,id=x: 'tls' is not supported: only rng-builtin, rng-random"],
    [
      '-device virtconsole',
      "-device virtconsole: No 'virtio-serial-bus' bus found: give -device virtio-serial-ccw first",
    ],
    [
      '-blockdev driver=file,filename=x',
      "-blockdev driver=file,filename=x: Parameter 'node-name' is missing",
    ],
    [
      '-blockdev driver=raw,node-name=r,file=f',
      "-blockdev driver=raw,node-name=r,file=f: Cannot find device='' nor node-name='f'",
    ],
    ['-blockdev {"driver":', '-blockdev {"driver":: it is not valid JSON'],
    [
      '-device virtio-rng-ccw,id=a -device virtio-rng-ccw,id=a',
      "-device virtio-rng-ccw,id=a: duplicate ID 'a'",
    ],
  ])('%s', (text, message) => {
    expect(() => parsed(text)).toThrow(message);
    expect(() => parsed(text)).toThrow(CommandError);
    expect(() => parsed(text)).toThrow(expect.objectContaining({ status: 2 }));
  });
});
