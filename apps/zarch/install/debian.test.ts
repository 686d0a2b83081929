import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { RunningCommand } from '../src/testing/run-command.ts';

/** `standard` is what a user gets; `required`, without the kernel's modules, is as much as a short run has the time for. */
const PRIORITY = process.env['ZARCH_TEST_DEBIAN'] ?? 'required';
const HOSTNAME = 'testbed';
const PROMPT = `root@${HOSTNAME}:~#`;

interface System {
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly created: boolean;
}

let folder: string;
let made: System;
let running: RunningCommand | undefined;

function create(): RunningCommand {
  const less = PRIORITY === 'standard' ? [] : ['--include', 'apt', '--exclude', 'linux-image-s390x'];
  const options = ['--priority', PRIORITY, ...less, '--hostname', HOSTNAME, '--size', '3g'];
  const output = join(folder, 'system');
  return new RunningCommand('cli', ['guest', 'create', 'debian', '--output', output, ...options, '--json']);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zarch-debian-'));
  running = create();
  const { status, stdout, stderr } = await running.result;
  expect([status, stderr]).toEqual([0, expect.anything()]);
  made = JSON.parse(stdout) as System;
});
afterEach(() => {
  running?.child.kill('SIGKILL');
});
afterAll(() => {
  running?.child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Runs a command in the guest's shell and gives what it prints. */
async function shell(guest: RunningCommand, command: string): Promise<string> {
  const from = guest.stdout.length;
  // The end is not in the command's own text.
  guest.child.stdin.write(`${command}; echo "e""nd:$?"\r`);
  await guest.until('end:', 'stdout', from);
  await guest.until(PROMPT, 'stdout', from);
  return guest.stdout.slice(from);
}

async function logIn(guest: RunningCommand, from = 0): Promise<void> {
  await guest.until('login: ', 'stdout', from);
  guest.child.stdin.write('root\r');
  await guest.until(PROMPT, 'stdout', from);
}

async function untilFileHas(path: string, text: string): Promise<void> {
  while (!readFileSync(path, 'latin1').includes(text)) await new Promise((next) => setTimeout(next, 500));
}

const check = (disk: string) =>
  execFileSync('e2fsck', ['-f', '-n', disk], { encoding: 'utf8', stdio: 'pipe' });

test('a system is made once, and is whole', async () => {
  expect(made.created).toBe(true);
  expect(readdirSync(folder)).toEqual(['system']);
  check(made.disk);
  running = create();
  const { status, stdout } = await running.result;
  expect([status, JSON.parse(stdout)]).toEqual([0, { ...made, created: false }]);
});

test('Debian boots with systemd to all consoles, installs packages, reboots and powers off', async () => {
  const { disk, kernel, initrd } = made;
  const [line, hvc] = [join(folder, 'line'), join(folder, 'hvc')];
  const guest = new RunningCommand('system', [
    ...['-nographic', '-m', '1g', '-kernel', kernel, '-initrd', initrd],
    ...['-append', 'root=/dev/vda console=ttyS0 console=ttysclp0'],
    ...['-drive', `file=${disk},format=raw`, '-nic', 'user'],
    ...['-serial', 'mon:stdio', '-serial', `file:${line}`],
    ...['-chardev', `file,id=hvc,path=${hvc}`, '-device', 'virtio-serial-ccw'],
    ...['-device', 'virtconsole,chardev=hvc'],
  ]);
  running = guest;
  await logIn(guest);
  await untilFileHas(line, `${HOSTNAME} login: `);
  await untilFileHas(hvc, `${HOSTNAME} login: `);
  expect(await shell(guest, 'cat /proc/cmdline; systemctl is-system-running --wait')).toMatch(/^running/m);
  expect(await shell(guest, 'systemctl --failed --no-legend | wc -l')).toMatch(/^0\b/m);
  expect(await shell(guest, 'findmnt -no SOURCE,FSTYPE /')).toMatch(/^\/dev\/vda\s+ext4/m);

  const install = 'apt-get -q update && apt-get -qy install hello && hello';
  expect(await shell(guest, install)).toMatch(/^Hello, world!/m);

  const from = guest.stdout.length;
  guest.child.stdin.write('reboot\r');
  await logIn(guest, from);
  expect(await shell(guest, 'hello')).toMatch(/^Hello, world!/m);
  guest.child.stdin.write('poweroff\r');
  const { status, stderr } = await guest.result;
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('crashed')]);
  expect(check(disk)).not.toMatch(/recovering journal/);
});
