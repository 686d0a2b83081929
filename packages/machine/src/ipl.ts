/**
 * Initial program load of a Linux image or an ELF program given by the user (Linux Documentation/s390, QEMU
 * hw/s390x/ipl.c: the places where kernel, initial RAM disk and command line are agreed upon).
 */
import type { Vm } from '@zarch/kvm';

/** Linux's entry point, and where it looks for what the loader passes on. */
const Linux = {
  start: 0x1_0000,
  magic: 0x1_0008,
  initrdAddress: 0x1_0408,
  initrdSize: 0x1_0410,
  versionPointer: 0x1_0428,
  commandLineLimit: 0x1_0430,
  commandLine: 0x1_0480,
  defaultCommandLineLimit: 896,
} as const;

const TRAILER = ' zIPL';
const SIGNED = '~Module signature appended~\n';
const INITRD_START = 0x80_0000;
const MIB = 1 << 20;

export interface Program {
  readonly kernel: Uint8Array;
  readonly initrd?: Uint8Array;
  readonly commandLine?: string;
}

export type LoadResult =
  | { readonly ok: true; readonly start: bigint }
  | { readonly ok: false; readonly what: 'kernel' | 'initrd' | 'command line'; readonly message: string };

const failure = (what: 'kernel' | 'initrd' | 'command line', message: string): LoadResult => ({
  ok: false,
  what,
  message,
});

/** Puts a program into the guest's storage; the storage has been cleared. */
export function loadProgram(vm: Vm, program: Program): LoadResult {
  const { kernel } = program;
  const size = vm.storage.size;
  if (kernel.length === 0) return failure('kernel', 'is empty');
  if (kernel[0] === 0x7f && kernel[1] === 0x45 && kernel[2] === 0x4c && kernel[3] === 0x46) {
    const loaded = loadElf(vm, kernel);
    return loaded.ok ? loadExtras(vm, program, false, loaded) : loaded;
  }
  if (kernel.length > size) return failure('kernel', `has ${kernel.length} bytes and the guest has ${size}`);
  const magic = String.fromCharCode(...kernel.subarray(Linux.magic, Linux.magic + 6));
  if (magic !== 'S390EP')
    return failure('kernel', 'is neither a Linux image for s390x nor an ELF64 file for it');
  if (isTruncated(kernel)) return failure('kernel', 'is a truncated Linux image');
  vm.load(0, kernel);
  return loadExtras(vm, program, true, { ok: true, start: BigInt(Linux.start) });
}

function loadExtras(vm: Vm, program: Program, linux: boolean, loaded: LoadResult & { ok: true }): LoadResult {
  const { initrd, commandLine = '' } = program;
  const bytes = new TextEncoder().encode(commandLine);
  if (linux || bytes.length > 0) {
    const limit = linux ? commandLineLimit(program.kernel) : Linux.defaultCommandLineLimit;
    if (bytes.length >= limit)
      return failure('command line', `has ${bytes.length} bytes; the kernel takes ${limit - 1}`);
    vm.load(Linux.commandLine, Uint8Array.of(...bytes, 0));
  }
  if (initrd && initrd.length > 0) {
    const start = Math.max(INITRD_START, Math.ceil((program.kernel.length * 2) / MIB) * MIB);
    if (start + initrd.length > vm.storage.size) {
      return failure(
        'initrd',
        `has ${initrd.length} bytes, which do not fit behind the kernel in the guest's storage`,
      );
    }
    vm.load(start, initrd);
    const header = new DataView(new ArrayBuffer(16));
    header.setBigUint64(0, BigInt(start));
    header.setBigUint64(8, BigInt(initrd.length));
    vm.load(Linux.initrdAddress, new Uint8Array(header.buffer));
  }
  return loaded;
}

/**
 * An image that ends before what it must have: its fixed part, its version, and from Linux 6 on the trailer for
 * secure boot at its end (arch/s390/boot/vmlinux.lds.S), which only a signature may follow.
 */
function isTruncated(kernel: Uint8Array): boolean {
  if (kernel.length <= Linux.commandLine) return true;
  const view = new DataView(kernel.buffer, kernel.byteOffset, kernel.byteLength);
  const text = (start: number, length: number) =>
    String.fromCharCode(...kernel.subarray(Math.max(0, start), start + length));
  const version = Number(view.getBigUint64(Linux.versionPointer));
  if (version >= kernel.length) return true;
  const major = version > 0 ? Number.parseInt(text(version, 4), 10) : 0;
  if (!(major >= 6)) return false;
  const end = text(kernel.length - SIGNED.length, SIGNED.length);
  return !end.endsWith(TRAILER) && end !== SIGNED;
}

/** Newer kernels tell how long a command line they take. */
function commandLineLimit(kernel: Uint8Array): number {
  const view = new DataView(kernel.buffer, kernel.byteOffset, kernel.byteLength);
  const told = kernel.length > Linux.commandLine ? Number(view.getBigUint64(Linux.commandLineLimit)) : 0;
  return told > Linux.defaultCommandLineLimit && told <= 65536 ? told : Linux.defaultCommandLineLimit;
}

const EM_S390 = 22;
const PT_LOAD = 1;

/** A bare ELF64 program is loaded by its program headers, at their physical addresses. */
function loadElf(vm: Vm, file: Uint8Array): LoadResult {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 64) return failure('kernel', 'is a truncated ELF file');
  if (file[4] !== 2 || file[5] !== 2 || view.getUint16(18) !== EM_S390) {
    return failure('kernel', 'is an ELF file, but not a 64-bit one for s390x');
  }
  const entry = view.getBigUint64(24);
  const table = Number(view.getBigUint64(32));
  const [entrySize, count] = [view.getUint16(54), view.getUint16(56)];
  if (entrySize < 56 || table + entrySize * count > file.length)
    return failure('kernel', 'is a truncated ELF file');
  for (let i = 0; i < count; i++) {
    const at = table + i * entrySize;
    if (view.getUint32(at) !== PT_LOAD) continue;
    const [offset, physical, fileSize, memorySize] = [8, 24, 32, 40].map((o) =>
      Number(view.getBigUint64(at + o)),
    );
    if (offset === undefined || physical === undefined || fileSize === undefined || memorySize === undefined)
      continue;
    if (offset + fileSize > file.length) return failure('kernel', 'is a truncated ELF file');
    if (physical + memorySize > vm.storage.size) {
      return failure(
        'kernel',
        `wants ${memorySize} bytes at 0x${physical.toString(16)}, beyond the guest's storage`,
      );
    }
    vm.load(physical, file.subarray(offset, offset + fileSize));
  }
  return { ok: true, start: entry };
}
