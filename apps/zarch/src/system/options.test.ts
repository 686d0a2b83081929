import { describe, expect, test } from 'vitest';
import { CommandError } from '../command-error.ts';
import { parseSystemOptions, type SystemOptions } from './options.ts';
import { parseKeyList, parseSize, parseUuid } from './parse.ts';

const MIB = 1 << 20;
const words = (text: string) => text.split(' ').filter((word) => word !== '');

function parsed(text: string): SystemOptions {
  const result = parseSystemOptions(['-kernel', 'k', ...words(text)]);
  if (result.kind !== 'machine') throw new Error(`asks for ${result.what}`);
  return result.options;
}

const stdio = { kind: 'stdio', mux: true, signal: false };
const plainStdio = { kind: 'stdio', mux: false, signal: true };

describe('an option', () => {
  test.each<[string, Partial<Record<keyof SystemOptions, unknown>>]>([
    ['', { memorySize: 128 * MIB, cpus: 1, maximumCpus: 1, model: 'z14', commandLine: '', watchdog: false }],
    ['-m 512', { memorySize: 512 * MIB }],
    ['-m 3g', { memorySize: 3072 * MIB }],
    ['-m size=1g', { memorySize: 1024 * MIB }],
    ['-m 0x40', { memorySize: 64 * MIB }],
    ['-m 1.5g,slots=2', { memorySize: 1536 * MIB }],
    ['-m 65536k', { memorySize: 64 * MIB }],
    ['--m 64', { memorySize: 64 * MIB }],
    ['-smp 1,maxcpus=8', { cpus: 1, maximumCpus: 8 }],
    ['-smp cpus=1,maxcpus=2,cores=2', { cpus: 1, maximumCpus: 2 }],
    ['-cpu max', { model: 'max' }],
    ['-M s390-ccw-virtio-8.2,accel=kvm:tcg,loadparm=pick', { loadParameter: 'PICK' }],
    ['-machine type=s390-ccw-virtio -accel tcg,thread=multi -enable-kvm', {}],
    ['-initrd i -append a=1', { kernel: 'k', initrd: 'i', commandLine: 'a=1' }],
    ['-name box,debug-threads=on', { name: 'box' }],
    ['-name guest=box', { name: 'box' }],
    [
      '-uuid 00112233-4455-6677-8899-aabbccddeeff',
      { uuid: Uint8Array.fromHex('00112233445566778899aabbccddeeff') },
    ],
    ['-S', { startStopped: true }],
    ['-s', { gdb: { host: '127.0.0.1', port: 1234 } }],
    ['-gdb tcp::4000', { gdb: { host: '127.0.0.1', port: 4000 } }],
    ['-gdb tcp:[::1]:4000,server=on,wait=off', { gdb: { host: '::1', port: 4000 } }],
    ['-gdb unix:/tmp/gdb,server,nowait', { gdb: { path: '/tmp/gdb' } }],
    ['-echr 0x14', { escape: 0x14 }],
    ['-d unimp,guest_errors -D log', { log: { items: new Set(['unimp', 'guest_errors']), file: 'log' } }],
    [
      '-no-reboot',
      { actions: { panic: 'shutdown', reboot: 'shutdown', shutdown: 'poweroff', watchdog: 'reset' } },
    ],
    [
      '-no-shutdown -action panic=none -watchdog-action inject-nmi',
      { actions: { panic: 'none', reboot: 'reset', shutdown: 'pause', watchdog: 'inject-nmi' } },
    ],
    ['-device diag288,id=w', { watchdog: true }],
    ['-gdb none -monitor none -vga none -net none -nic none -parallel none', {}],
  ])('%s', (text, expected) => {
    expect(parsed(text)).toMatchObject(expected);
  });
});

describe('consoles of', () => {
  test.each<[string, unknown[]]>([
    ['', [{ device: 'vt220', chardev: stdio }]],
    ['-nographic', [{ device: 'vt220', chardev: stdio }]],
    ['-display none', []],
    ['-nodefaults -nographic', []],
    ['-serial none', []],
    ['-serial mon:stdio', [{ device: 'vt220', chardev: stdio }]],
    [
      '-serial stdio -serial file:a,b',
      [
        { device: 'vt220', chardev: plainStdio },
        { device: 'line', chardev: { kind: 'file', path: 'a,b', append: false } },
      ],
    ],
    ['-serial none -serial null', [{ device: 'line', chardev: { kind: 'null' } }]],
    ['-chardev stdio,id=c -device sclpconsole,chardev=c', [{ device: 'vt220', chardev: plainStdio }]],
    [
      '-device sclplmconsole,chardev=c -chardev stdio,id=c,mux=on,signal=off',
      [{ device: 'line', chardev: stdio }],
    ],
    [
      '-chardev file,id=c,path=x,append=on -serial chardev:c',
      [{ device: 'vt220', chardev: { kind: 'file', path: 'x', append: true } }],
    ],
    [
      '-serial unix:/s,server,nowait',
      [{ device: 'vt220', chardev: { kind: 'socket', address: { path: '/s' }, server: true, wait: false } }],
    ],
    [
      '-serial tcp:[::1]:4444',
      [
        {
          device: 'vt220',
          chardev: { kind: 'socket', address: { host: '::1', port: 4444 }, server: false, wait: false },
        },
      ],
    ],
    [
      '-chardev socket,id=c,port=5,server=on -serial chardev:c',
      [
        {
          device: 'vt220',
          chardev: { kind: 'socket', address: { host: 'localhost', port: 5 }, server: true, wait: true },
        },
      ],
    ],
  ])('%s', (text, expected) => {
    expect(parsed(text).consoles).toEqual(expected);
  });
});

describe('refused', () => {
  test.each([
    ['-m 0', '-m 0: a machine needs some memory'],
    ['-m lots', "-m lots: 'lots' is not a size: a number with k, m, g or t behind it is"],
    ['-m -1', "-m -1: '-1' is not a size: a number with k, m, g or t behind it is"],
    ['-m 1k', '-m 1k: the size of memory must be a multiple of 1 MiB'],
    ['-m 64t', /^-m 64t: at most \d+M of memory are supported$/],
    ['-m', '-m: requires an argument'],
    ['-m 64,maxmem=128m', "-m 64,maxmem=128m: 'maxmem' beyond 'size' is not supported yet"],
    ['-smp 2', '-smp 2: more than one CPU is not supported yet'],
    ['-smp 0', '-smp 0: cpus: 0 is not between 1 and 248'],
    ['-smp x', "-smp x: cpus: 'x' is not a number"],
    ['-smp 1,clusters=2', "-smp: property 'clusters' is not supported"],
    ['-frobnicate', '-frobnicate: invalid option'],
    ['--constructor', '--constructor: invalid option'],
    ['-usb', '-usb: not supported yet'],
    ['-gdb stdio', '-gdb stdio: expected tcp:[HOST]:PORT, unix:PATH or none'],
    ['-gdb tcp::70000', '-gdb tcp::70000: expected tcp:[HOST]:PORT, unix:PATH or none'],
    ['-gdb tcp::1,telnet', "-gdb tcp::1,telnet: 'telnet' is not supported"],
    ['-M pc', "-M pc: unsupported machine type 'pc': s390-ccw-virtio is the only one"],
    ['-M s390-ccw-virtio,zap=1', "-M: property 'zap' is not supported"],
    ['-cpu z99', "-cpu z99: unable to find CPU model 'z99'"],
    ['-cpu max,vx=off', "-cpu max,vx=off: property 'vx=off' is not supported yet"],
    ['-device foo', "-device foo: 'foo' is not a supported device: see -device help"],
    ['-device diag288,x=1', "-device diag288,x=1: property 'x' is not supported"],
    ['-device diag288 -device diag288', '-device diag288: at most one diag288 device is supported'],
    ['-device diag288,id=a -device sclpconsole,id=a', "-device sclpconsole,id=a: duplicate ID 'a'"],
    ['-device sclpconsole,chardev=c', "-device sclpconsole,chardev=c: chardev 'c' not found"],
    ['-device sclpconsole -device sclpconsole', '-device sclpconsole: at most one is supported'],
    ['-serial stdio -serial stdio', 'cannot use stdio by multiple character devices'],
    [
      '-serial pty',
      '-serial pty: not a supported device: none, null, stdio, mon:stdio, file, unix, tcp and chardev are',
    ],
    ['-chardev stdio', "-chardev stdio: Parameter 'id' is missing"],
    ['-chardev pty,id=a', "-chardev pty,id=a: 'pty' is not a supported char driver name"],
    ['-chardev file,id=a', '-chardev file,id=a: file: no filename given'],
    ['-chardev socket,id=a', "-chardev socket,id=a: one of 'path' and 'port' must be given"],
    [
      '-chardev socket,id=a,path=x,server=perhaps',
      "-chardev socket,id=a,path=x,server=perhaps: server: 'perhaps' is neither 'on' nor 'off'",
    ],
    ['-chardev null,id=a -chardev null,id=a', "-chardev null,id=a: duplicate ID 'a'"],
    ['-action panic=run', "-action panic: 'run' is not one of pause, shutdown, exit-failure, none"],
    [
      '-watchdog-action bark',
      "-watchdog-action: 'bark' is not one of reset, shutdown, poweroff, pause, debug, none, inject-nmi",
    ],
    ['-d op', "-d op: log item 'op' is not supported: see -d help"],
    ['-uuid 1', "-uuid: '1' is not a UUID"],
    ['-display gtk', '-display gtk: not supported yet: only none'],
    ['-monitor stdio', '-monitor stdio: not supported yet: only none'],
  ])('%s', (text, message) => {
    const parse = () => parsed(text);
    expect(parse).toThrow(message);
    expect(parse).toThrow(CommandError);
    expect(parse).toThrow(expect.objectContaining({ status: 2 }));
  });

  test('a machine with nothing to run', () => {
    expect(() => parseSystemOptions([])).toThrow('no kernel');
    expect(() => parseSystemOptions(['-initrd', 'x'])).toThrow('-initrd only allowed with -kernel option');
    expect(() => parseSystemOptions(['-append', 'x'])).toThrow('-append only allowed with -kernel option');
  });
});

test.each([
  ['-h', 'help'],
  ['--help', 'help'],
  ['-version', 'version'],
  ['-M help', 'machine'],
  ['-cpu help', 'cpu'],
  ['-device help', 'device'],
  ['-d help', 'log'],
])('%s asks for a text', (text, what) => {
  expect(parseSystemOptions(words(text))).toEqual({ kind: 'information', what });
});

test('two commas in a value are one', () => {
  expect([...parseKeyList('-x', 'first,b=1,,2,,,c,nod', 'a')]).toEqual([
    ['a', 'first'],
    ['b', '1,2,'],
    ['c', 'on'],
    ['d', 'off'],
  ]);
});

test('sizes', () => {
  expect(['7', '7b', '2K', '1.5m', '0x10k'].map((text) => parseSize('-x', text, 10))).toEqual([
    ...[70, 7, 2048, 1.5 * MIB, 16384],
  ]);
  expect(() => parseUuid('-uuid', 'g')).toThrow(CommandError);
});
