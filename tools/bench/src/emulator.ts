/** The emulators that are compared, and how each is started. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What a machine boots. */
export interface Images {
  readonly kernel: string;
  readonly initrd: string;
}

/** One start of a machine. */
export interface Setup {
  readonly images: Images;
  readonly kernelOptions: readonly string[];
  /** Options, of QEMU's kind, for what the machine has besides a CPU, storage and a console. */
  readonly devices: readonly string[];
  /** Output after which the process is to be ended, if it does not end with the guest. */
  readonly endsAt?: RegExp | undefined;
}

/** A program to start. */
export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly directory?: string;
  /** Output after which the process is to be ended, where it does not end with the guest. */
  readonly endsAt?: RegExp | undefined;
}

/** One of the programs that are measured. */
export interface Emulator {
  readonly name: string;
  /** What it says of its version. */
  readonly version: string;
  /** Whether it takes {@link Setup.devices}. */
  readonly hasDevices: boolean;
  /** The command that boots images with one CPU and {@link MEMORY} MiB, console on standard output. */
  command(setup: Setup): CommandLine;
}

/** Guest storage, in MiB. */
export const MEMORY = 512;

/** The kernel's command line may be no longer: what every version of QEMU takes. */
const COMMAND_LINE_LIMIT = 896;

export const root = join(import.meta.dirname, '../../..');
const ZARCH = join(root, 'apps/zarch/bin/zarch-system-s390x.js');

function machineOptions({ images: { kernel, initrd }, kernelOptions, devices }: Setup): string[] {
  const append = ['console=ttysclp0', ...kernelOptions].join(' ');
  if (append.length >= COMMAND_LINE_LIMIT) throw new RangeError(`too long for a kernel: ${append}`);
  const machine = ['-M', 's390-ccw-virtio', '-m', String(MEMORY), '-smp', '1', '-nographic', '-no-reboot'];
  return [...machine, ...devices, '-kernel', kernel, '-initrd', initrd, '-append', append];
}

/** The zarch of this repository, as built. */
export function zarch(): Emulator {
  return {
    name: 'zarch',
    version: firstLine(execFileSync(process.execPath, [ZARCH, '-version'], { encoding: 'utf8' })),
    hasDevices: true,
    command: zarchCommand,
  };
}

/** @throws RangeError if the kernel's options are too long */
export function zarchCommand(setup: Setup): CommandLine {
  return {
    program: process.execPath,
    args: [ZARCH, '-accel', 'zarch,counters=on', ...machineOptions(setup)],
    endsAt: setup.endsAt,
  };
}

/** @returns undefined if there is no such program */
export function qemu(program: string): Emulator | undefined {
  const version = versionOf(program);
  if (version === undefined) return undefined;
  return {
    name: 'QEMU',
    version,
    hasDevices: true,
    command: (setup) => ({
      program,
      args: ['-accel', 'tcg', ...machineOptions(setup)],
      endsAt: setup.endsAt,
    }),
  };
}

/** The first line of what `program --version` prints; undefined if it cannot be run. */
export function versionOf(program: string): string | undefined {
  try {
    return firstLine(
      execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return undefined;
  }
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';
