/** Kernel and initial RAM disk, from files. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Program } from '@zarch/machine';
import { CommandError, systemReason } from '../command-error.ts';

export interface ProgramFiles {
  readonly kernel: string;
  readonly initrd: string | undefined;
  readonly commandLine: string;
}

/**
 * Nothing else is to be done before the machine has its program, so this waits for the disk.
 *
 * @param memorySize - Bytes of storage that the program has to fit.
 * @throws {CommandError} Naming the file.
 */
export function readProgram(files: ProgramFiles, memorySize: number): Program {
  const { kernel, initrd, commandLine } = files;
  const program = { kernel: readWhole('kernel', kernel, memorySize), commandLine };
  if (initrd === undefined) return program;
  return { ...program, initrd: readWhole('initrd', initrd, memorySize) };
}

function readWhole(what: 'kernel' | 'initrd', path: string, limit: number): Uint8Array {
  let file: number | undefined;
  try {
    // A pipe that nobody writes to is not waited for.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(file);
    if (status.isDirectory()) throw new CommandError(`could not open ${what} file '${path}': Is a directory`);
    if (!status.isFile()) throw new CommandError(`could not open ${what} file '${path}': Not a regular file`);
    if (status.size === 0) throw new CommandError(`failed to load ${what} file '${path}': it is empty`);
    if (status.size > limit) {
      const message = `it has ${status.size} bytes, and the guest has ${limit} of memory`;
      throw new CommandError(`failed to load ${what} file '${path}': ${message}`);
    }
    return readBytes(file, status.size);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`could not open ${what} file '${path}': ${systemReason(error)}`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readBytes(file: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let done = 0;
  while (done < size) {
    const count = readSync(file, bytes, done, size - done, null);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}
