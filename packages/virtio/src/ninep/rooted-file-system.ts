/**
 * A file system that paths cannot leave. A fid keeps its path, and a guest can put a symbolic link where a directory
 * of that path was: so each use makes sure that all that comes before the last name is a directory. Errors of the file
 * system itself become I/O errors here.
 */
import { Errno, isError, type Outcome } from './errno.ts';
import type { FileAttributes, FileSystem, Path } from './file-system.ts';

/** Bytes of a name and of a path, and names in it, at most. */
const NAME_LIMIT = 255;
const PATH_LIMIT = 4096;

export class RootedFileSystem {
  readonly #fileSystem: FileSystem;
  readonly #onError: (error: unknown) => void;

  constructor(fileSystem: FileSystem, onError: (error: unknown) => void) {
    this.#fileSystem = fileSystem;
    this.#onError = onError;
  }

  /** Does something with paths, if they are inside. */
  async use<Value>(
    paths: readonly Path[],
    action: (fileSystem: FileSystem) => Promise<Outcome<Value>>,
  ): Promise<Outcome<Value>> {
    return this.guard(async () => {
      for (const path of paths) {
        const errno = await this.#outside(path);
        if (errno !== undefined) return { errno };
      }
      return action(this.#fileSystem);
    });
  }

  attributes(path: Path): Promise<Outcome<FileAttributes>> {
    return this.use([path], (fileSystem) => fileSystem.attributes(path));
  }

  /** Makes an outcome of an action that may reject. */
  async guard<Value>(action: () => Promise<Outcome<Value>>): Promise<Outcome<Value>> {
    try {
      return await action();
    } catch (error) {
      this.#onError(error);
      return { errno: Errno.EIO };
    }
  }

  async #outside(path: Path): Promise<number | undefined> {
    for (let depth = 0; depth < path.length; depth++) {
      const found = await this.#fileSystem.attributes(path.slice(0, depth));
      if (isError(found)) return found.errno;
      if (found.value.kind !== 'directory') return Errno.ENOTDIR;
    }
    return undefined;
  }
}

/** What is wrong with a name in a directory, if anything is. */
export function nameError(name: string): number | undefined {
  if (name === '' || name.includes('/') || name.includes('\0')) return Errno.ENOENT;
  if (new TextEncoder().encode(name).length > NAME_LIMIT) return Errno.ENAMETOOLONG;
  return undefined;
}

/** The path of a name in a directory; not of the directory itself or its parent, for which it gives `dots`. */
export function childPath(directory: Path, name: string, dots: number): Outcome<Path> {
  const errno = name === '.' || name === '..' ? dots : nameError(name);
  if (errno !== undefined) return { errno };
  const path = [...directory, name];
  const length = path.reduce((sum, each) => sum + each.length + 1, 0);
  return length > PATH_LIMIT ? { errno: Errno.ENAMETOOLONG } : { value: path };
}

/** Whether `path` is `directory` or below it. */
export function isWithin(path: Path, directory: Path): boolean {
  return directory.length <= path.length && directory.every((name, i) => name === path[i]);
}
