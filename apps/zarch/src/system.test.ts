import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elfProgram, HELLO_SOURCE } from '@zarch/machine/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemCommand } from './commands/system.ts';
import { RunningCommand, runCommand } from './testing/run-command.ts';

/** Waits for nothing, at an address that tells who it is. */
const DISABLED_WAIT = `
        larl %r3,wait
        lpswe 0(%r3)
        .balign 8
wait:   .quad 0x0002000180000000, 0xdead
`;
/** Stops the only CPU. */
const STOP = 'lhi %r1,0\nlhi %r3,0\nsigp %r1,%r3,5\nloop: j loop\n';
/** Divides nothing by nothing with no new PSW that could be loaded. */
const LOOP = 'mvi 0x1d0,0xff\n.short 0\n';
const FOREVER = 'loop: j loop\n';

const PROGRAM = 'zarch-system-s390x';
let directory: string;
const path = (name: string) => join(directory, name);
const machine = (kernel: string, ...more: readonly string[]) => [
  '-nographic',
  '-m',
  '16',
  '-kernel',
  path(kernel),
  ...more,
];

/** What tells a Linux image: its magic, the place of its version, and the trailer that ends it. */
function linuxImage(version: string): Uint8Array {
  const image = Buffer.alloc(0x11000);
  image.write('S390EP', 0x10008);
  image.writeBigUInt64BE(0x10600n, 0x10428);
  image.write(version, 0x10600);
  image.write(' zIPL', image.length - 5);
  return image;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zarch-system-'));
  const programs = { hello: HELLO_SOURCE, wait: DISABLED_WAIT, stop: STOP, loop: LOOP, forever: FOREVER };
  for (const [name, source] of Object.entries(programs)) await writeFile(path(name), elfProgram(source));
  const program = elfProgram(STOP);
  await writeFile(path('truncated'), program.subarray(0, program.length - 2));
  const intel = program.slice();
  intel.set([0, 62], 18);
  await writeFile(path('intel'), intel);
  await writeFile(path('empty'), '');
  await writeFile(path('text'), 'not a kernel\n');
  await writeFile(path('image'), linuxImage('6.1.0').subarray(0, -100));
  await mkdir(path('directory'));
  execFileSync('mkfifo', [path('pipe')]);
});
afterAll(() => rm(directory, { recursive: true }));

describe('the end of a program', () => {
  const wait = `${PROGRAM}: guest crashed: disabled wait, PSW 0x0002000180000000 0x000000000000dead\n`;
  test.each([
    ['shut down', 'hello', [], 0, 'hello\n', ''],
    ['all CPUs stopped', 'stop', [], 0, '', ''],
    ['disabled wait', 'wait', [], 0, '', wait],
    ['disabled wait that is a failure', 'wait', ['-action', 'panic=exit-failure'], 1, '', wait],
  ])('%s', async (_, kernel, more, status, stdout, stderr) => {
    expect(await runCommand('system', ...machine(kernel, ...more))).toEqual({ status, stdout, stderr });
  });

  test('program interruptions without end', async () => {
    const { status, stderr } = await runCommand(
      'system',
      ...machine('loop', '-action', 'panic=exit-failure'),
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^zarch-system-s390x: guest crashed: program interruption loop \(code 0x0006\), PSW 0x/,
    );
  });

  test('a signal', async () => {
    const command = new RunningCommand('system', machine('forever', '-d', 'cpu_reset'));
    await command.until('start at 0x10000', 'stderr');
    command.child.kill('SIGTERM');
    const { status, stderr } = await command.result;
    expect([status, stderr]).toEqual([0, expect.stringContaining('terminating on signal SIGTERM\n')]);
  });

  test('Ctrl-a x', async () => {
    const command = new RunningCommand('system', machine('forever', '-S'));
    command.child.stdin.write('\u0001x');
    expect(await command.result).toEqual({ status: 0, stdout: '', stderr: `${PROGRAM}: Terminated\n` });
  });
});

test('input that has ended leaves the guest running', async () => {
  const command = new RunningCommand('system', machine('forever', '-d', 'cpu_reset'));
  command.child.stdin.end();
  await command.until('start at 0x10000', 'stderr');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(command.child.exitCode).toBeNull();
  command.child.kill('SIGINT');
  expect((await command.result).status).toBe(0);
});

describe('consoles', () => {
  test('the command line of kvm-unit-tests', async () => {
    const args = `-nodefaults -nographic -machine s390-ccw-virtio,accel=tcg -chardev stdio,id=con0
      -device sclpconsole,chardev=con0 -kernel ${path('hello')} -smp 1,maxcpus=8 -m 16m --no-reboot
      -device diag288,id=watchdog0 --watchdog-action inject-nmi`.split(/\s+/);
    expect(await runCommand('system', ...args, '-append', 'test 123')).toEqual({
      status: 0,
      stdout: 'hello\n',
      stderr: '',
    });
  });

  test('a file', async () => {
    const result = await runCommand('system', ...machine('hello', '-serial', `file:${path('output')}`));
    expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await readFile(path('output'), 'utf8')).toBe('hello\n');
  });

  test('a socket that waits for its client, and is gone afterwards', async () => {
    const socket = path('socket');
    const command = new RunningCommand('system', machine('hello', '-serial', `unix:${socket},server=on`));
    await command.until(`waiting for connection on: unix:${socket}`, 'stderr');
    const client = connect(socket);
    let received = '';
    client.on('data', (bytes) => {
      received += bytes.toString();
    });
    expect((await command.result).status).toBe(0);
    expect(received).toBe('hello\n');
    expect(await readdir(directory)).not.toContain('socket');
  });
});

describe('bad input is refused in one line', () => {
  test('by the program', async () => {
    const stderr = `${PROGRAM}: could not open kernel file '${path('absent')}': No such file or directory\n`;
    const result = await runCommand('system', ...machine('absent'));
    expect(result).toEqual({ status: 1, stdout: '', stderr });
  });

  test.each([
    [['-kernel', 'DIR/directory'], 1, "could not open kernel file 'DIR/directory': Is a directory"],
    [['-kernel', 'DIR/pipe'], 1, "could not open kernel file 'DIR/pipe': Not a regular file"],
    [['-kernel', '/dev/zero'], 1, "could not open kernel file '/dev/zero': Not a regular file"],
    [['-kernel', 'DIR/empty'], 1, "failed to load kernel file 'DIR/empty': it is empty"],
    [
      ['-kernel', 'DIR/stop', '-initrd', 'DIR/absent'],
      1,
      "could not open initrd file 'DIR/absent': No such file or directory",
    ],
    [
      ['-kernel', 'DIR/stop', '-serial', 'file:DIR/no/file'],
      1,
      "could not open 'DIR/no/file': No such file or directory",
    ],
    [
      ['-kernel', 'DIR/stop', '-serial', 'unix:DIR/absent'],
      1,
      'could not connect to unix:DIR/absent: No such file or directory',
    ],
    [['-kernel', 'DIR/stop', '-d', 'unimp', '-D', 'DIR'], 1, "could not open 'DIR': Is a directory"],
    [['-kernel', 'DIR/stop', '-smp', '2'], 2, '-smp 2: more than one CPU is not supported yet'],
  ])('%j', async (args, status, message) => {
    const place = (text: string) => text.replaceAll('DIR', directory);
    const command = systemCommand(PROGRAM, args.map(place));
    await expect(command).rejects.toMatchObject({ status, message: place(message) });
  });

  test.each([
    ['truncated', 'is a truncated ELF file'],
    ['intel', 'is an ELF file, but not a 64-bit one for s390x'],
    ['image', 'is a truncated Linux image'],
    ['text', 'is neither a Linux image for s390x nor an ELF64 file for it'],
  ])('a kernel that is %s', async (name, what) => {
    const stderr = `${PROGRAM}: failed to load kernel file '${path(name)}': it ${what}\n`;
    expect(await runCommand('system', ...machine(name))).toEqual({ status: 1, stdout: '', stderr });
  });
});
