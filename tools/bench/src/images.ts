/** What the guest boots: Debian's kernel as `zarch guest fetch` gets it, and a RAM disk with the cases in it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '@zarch-tools/command/cache-directory';
import { type Images, root } from './emulator.ts';
import type { GuestFiles } from './guest-programs.ts';
import type { HostServices } from './host-services.ts';
import type { MachineWithDevices } from './measure.ts';

/** Builds zarch if it is not built from the present source. */
export function buildZarch(): void {
  const turbo = join(root, 'node_modules/.bin/turbo');
  const filters = ['--filter=@zarch/cli...', '--filter=@zarch/page...'];
  const args = ['run', 'build', ...filters, '--output-logs=errors-only'];
  execFileSync(turbo, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Gets the kernel and busybox, from the cache or the mirror, and makes the RAM disk. */
export function makeImages({ bench, init }: GuestFiles, modules: readonly string[] = []): Images {
  const files = ['--file', `${init}:/init`, '--file', `${bench}:/bench`];
  const wanted = modules.flatMap((name) => ['--module', name]);
  const { kernel, initrd } = zarch<Images>(['guest', 'fetch', '--json', ...files, ...wanted]);
  return { kernel, initrd };
}

/** A machine with a disk to read, a disk to write and a network. */
export function makeDevices(files: GuestFiles, { source, sink }: HostServices): MachineWithDevices {
  const directory = join(cacheDirectory(), 'bench');
  mkdirSync(directory, { recursive: true });
  const disk = (serial: string): string[] => {
    const path = join(directory, `${serial}.img`);
    if (!existsSync(path)) writeDisk(path);
    const device = `virtio-blk-ccw,drive=${serial},serial=${serial}`;
    return ['-drive', `file=${path},format=raw,if=none,id=${serial}`, '-device', device];
  };
  return {
    images: makeImages(files, ['virtio_blk', 'virtio_net']),
    kernelOptions: [`netport=${source}`, `sinkport=${sink}`],
    devices: [
      ...disk('disk-to-read'),
      ...disk('disk-to-write'),
      ...['-netdev', 'user,id=net', '-device', 'virtio-net-ccw,netdev=net'],
    ],
  };
}

/** A full Debian, made when there is none yet; what a boot writes to its disk is thrown away. */
export function makeDebian(): MachineWithDevices {
  const output = join(cacheDirectory(), 'bench', 'debian');
  const made = zarch<Images & { readonly disk: string }>([
    'guest',
    'create',
    'debian',
    '--json',
    '--output',
    output,
  ]);
  return {
    images: { kernel: made.kernel, initrd: made.initrd },
    kernelOptions: ['root=/dev/vda'],
    devices: [
      ...['-drive', `file=${made.disk},format=raw,if=none,id=root,snapshot=on`],
      ...['-device', 'virtio-blk-ccw,drive=root', '-netdev', 'user,id=net'],
      ...['-device', 'virtio-net-ccw,netdev=net'],
    ],
  };
}

function zarch<T>(args: readonly string[]): T {
  const program = join(root, 'apps/zarch/bin/zarch.js');
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const text = execFileSync(process.execPath, [program, ...args], { encoding: 'utf8', stdio: [...stdio] });
  return JSON.parse(text) as T;
}

const DISK = 1 << 30;
const PIECE = 1 << 20;

/** Every block is another, and none is sparse. */
function writeDisk(path: string): void {
  const partial = `${path}.${process.pid}`;
  const piece = new Uint32Array(PIECE / 4);
  let state = 1;
  for (let done = 0; done < DISK; done += PIECE) {
    for (let at = 0; at < piece.length; at++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      piece[at] = state;
    }
    writeFileSync(partial, piece, { flag: 'a' });
  }
  renameSync(partial, path);
}
