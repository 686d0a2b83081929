/** Kernel and initial RAM disk, from files. */
import { type FileHandle, open } from 'node:fs/promises';
import type { Program } from '@zarch/machine';
import { CommandError, systemReason } from '../command-error.ts';

export interface ProgramFiles {
  readonly kernel: string;
  readonly initrd: string | undefined;
  readonly commandLine: string;
}

/**
 * @param memorySize - Bytes of storage that the program has to fit.
 * @throws {CommandError} Naming the file.
 */
export async function readProgram(files: ProgramFiles, memorySize: number): Promise<Program> {
  const { kernel, initrd, commandLine } = files;
  const program = { kernel: await readWhole('kernel', kernel, memorySize), commandLine };
  if (initrd === undefined) return program;
  return { ...program, initrd: await readWhole('initrd', initrd, memorySize) };
}

async function readWhole(what: 'kernel' | 'initrd', path: string, limit: number): Promise<Uint8Array> {
  const refuse = (error: unknown) =>
    new CommandError(`could not open ${what} file '${path}': ${systemReason(error)}`);
  const file = await open(path).catch((error: unknown) => {
    throw refuse(error);
  });
  try {
    const status = await file.stat();
    if (status.isDirectory()) throw new CommandError(`could not open ${what} file '${path}': Is a directory`);
    if (!status.isFile()) throw new CommandError(`could not open ${what} file '${path}': Not a regular file`);
    if (status.size === 0) throw new CommandError(`failed to load ${what} file '${path}': it is empty`);
    if (status.size > limit) {
      const message = `it has ${status.size} bytes, and the guest has ${limit} of memory`;
      throw new CommandError(`failed to load ${what} file '${path}': ${message}`);
    }
    return await readBytes(file, status.size);
  } catch (error) {
    throw error instanceof CommandError ? error : refuse(error);
  } finally {
    await file.close();
  }
}

/** In one piece: a read of Node's own takes many small ones. */
async function readBytes(file: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await file.read(bytes, done, size - done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}
