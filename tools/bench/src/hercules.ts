/**
 * Hercules as a peer. It has no options for a kernel: it loads the files that an .ins file names, at the addresses that
 * Linux expects (Linux, arch/s390/include/asm/setup.h: the parameter area).
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandLine, Emulator, Images } from './emulator.ts';
import { MEMORY } from './emulator.ts';

const INITRD = 64 << 20;
/** Absolute addresses of the initial RAM disk's address and size, and of the kernel's command line. */
const [INITRD_WHERE, COMMAND_LINE] = [0x10408, 0x10480];

/** @returns undefined if there is no such program */
export function hercules(program = 'hercules'): Emulator | undefined {
  const { error, stdout, stderr } = spawnSync(program, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 10_000,
  });
  if (error !== undefined) return undefined;
  const number = /Hercules version (\d+[\d.]*)/i.exec(`${stdout}${stderr}`)?.[1];
  const version = `Hercules ${number ?? 'of an unknown version'}`;
  const directory = mkdtempSync(join(tmpdir(), 'zarch-bench-hercules-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return {
    name: 'Hercules',
    version,
    hasDevices: false,
    command: ({ images, kernelOptions }) => {
      prepare(directory, images, kernelOptions, Number.parseInt(number ?? '4', 10));
      return commandLine(program, directory);
    },
  };
}

function commandLine(program: string, directory: string): CommandLine {
  return {
    program,
    args: ['-d', '-f', 'hercules.cnf'],
    env: { HERCULES_RC: join(directory, 'hercules.rc') },
    directory,
    // A guest that has powered off leaves Hercules waiting for its operator.
    endsAt: /^DONE\b|\bdisabled wait\b|\bLoad from \S+ failed/im,
  };
}

function prepare(directory: string, images: Images, kernelOptions: readonly string[], major: number): void {
  const where = Buffer.alloc(16);
  where.writeBigUInt64BE(BigInt(INITRD), 0);
  where.writeBigUInt64BE(BigInt(statSync(images.initrd).size), 8);
  const files: Readonly<Record<string, string | Uint8Array>> = {
    where,
    options: `${['console=ttyS0', 'conmode=3215', 'condev=0x0009', 'linger=10', ...kernelOptions].join(' ')}\0`,
    'linux.ins': [
      'kernel 0x00000000',
      `initrd 0x${INITRD.toString(16)}`,
      `where 0x${INITRD_WHERE.toString(16)}`,
      `options 0x${COMMAND_LINE.toString(16)}`,
      '',
    ].join('\n'),
    'hercules.rc': `ipl ${join(directory, 'linux.ins')}\n`,
    'hercules.cnf': [
      `${major < 4 ? 'ARCHMODE' : 'ARCHLVL'} z/Arch`,
      'CPUSERIAL 000001',
      'CPUMODEL 2817',
      `MAINSIZE ${MEMORY}`,
      'NUMCPU 1',
      'OSTAILOR LINUX',
      // A configuration must have a device.
      '0009 3215-C',
      '',
    ].join('\n'),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  // Copies, since Hercules gives up the rights that may be needed for the cache.
  for (const name of ['kernel', 'initrd'] as const) copyFileSync(images[name], join(directory, name));
}
