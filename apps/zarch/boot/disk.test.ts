import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunningCommand } from '../src/testing/run-command.ts';

const MIB = 1 << 20;

let folder: string;
let running: RunningCommand | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarch-disk-'));
});
afterEach(() => {
  running?.child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

interface Images {
  readonly kernel: string;
  readonly initrd: string;
}

/** Debian's kernel, and a RAM disk with what a disk needs. */
async function fetchImages(): Promise<Images> {
  const modules = ['virtio_blk', 'ext4'].flatMap((name) => ['--module', name]);
  const fetch = new RunningCommand('cli', ['guest', 'fetch', ...modules, '--json']);
  running = fetch;
  const { status, stdout, stderr } = await fetch.result;
  expect([status, stderr]).toEqual([0, expect.anything()]);
  return JSON.parse(stdout) as Images;
}

/** Runs a command in the guest's shell and gives what it prints. */
async function shell(guest: RunningCommand, command: string): Promise<string> {
  const from = guest.stdout.length;
  // The end is not in the command's own text.
  guest.child.stdin.write(`${command}; echo "e""nd:$?"\r`);
  await guest.until('end:', 'stdout', from);
  await guest.until('/root #', 'stdout', from);
  return guest.stdout.slice(from);
}

test('a file system on a disk keeps what a guest of Debian writes', async () => {
  const { kernel, initrd } = await fetchImages();
  const disk = join(folder, 'disk.img');
  writeFileSync(disk, '');
  truncateSync(disk, 32 * MIB);
  execFileSync('mke2fs', ['-q', '-t', 'ext4', disk]);

  const guest = new RunningCommand('system', [
    ...['-nographic', '-m', '512', '-kernel', kernel, '-initrd', initrd, '-append', 'console=ttysclp0'],
    ...['-drive', `file=${disk},format=raw,if=none,id=d`],
    ...['-device', 'virtio-blk-ccw,drive=d,devno=fe.0.0042,serial=zarch-1'],
  ]);
  running = guest;
  await guest.until('/root #');
  expect(await shell(guest, 'ls /sys/bus/ccw/devices; cat /sys/block/vda/serial')).toMatch(
    /0\.0\.0042[\s\S]*zarch-1/,
  );
  expect(await shell(guest, 'mkdir -p /mnt && mount /dev/vda /mnt')).toContain('end:0');
  const write = 'dd if=/dev/urandom of=/mnt/file bs=64k count=100 conv=fsync && md5sum /mnt/file';
  const [sum] = /[\da-f]{32}/.exec(await shell(guest, write)) ?? [];
  expect(sum).toBeDefined();
  const again = 'umount /mnt && mount /dev/vda /mnt && echo 3 >/proc/sys/vm/drop_caches && md5sum /mnt/file';
  expect(await shell(guest, again)).toContain(sum);
  expect(await shell(guest, 'cp /mnt/file /mnt/copy && sync && umount /mnt')).toContain('end:0');
  guest.child.stdin.write('poweroff -f\r');
  const { status, stderr } = await guest.result;
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('crashed')]);

  expect(readdirSync(folder)).toEqual(['disk.img']);
  execFileSync('fsck.ext4', ['-f', '-n', disk]);
  const read = (name: string) =>
    execFileSync('debugfs', ['-R', `cat ${name}`, disk], { maxBuffer: 32 * MIB });
  expect(read('/copy').equals(read('/file'))).toBe(true);
});
