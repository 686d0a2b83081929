// Files of the host that go into an initramfs, named by the user as SOURCE:DESTINATION.
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { CpioEntry } from './cpio.ts';
import { GuestImageError, reasonOf } from './error.ts';

/**
 * The entries for one `SOURCE:DESTINATION`; the destination is an absolute path in the guest, and a directory is
 * taken with all it holds, in the order of names. Permission bits are kept, owners are not.
 * @throws GuestImageError `usage`
 */
export async function readHostFiles(spec: string): Promise<CpioEntry[]> {
  const colon = spec.lastIndexOf(':');
  const destination = posix.normalize(spec.slice(colon + 1));
  if (colon <= 0 || !destination.startsWith('/') || destination === '/')
    throw new GuestImageError(
      'usage',
      `${spec}: not of the form SOURCE:DESTINATION: give a file of this machine and an absolute path in the guest`,
    );
  try {
    return await collect(spec.slice(0, colon), destination.slice(1).replace(/\/$/, ''));
  } catch (error) {
    if (error instanceof GuestImageError) throw error;
    throw new GuestImageError('usage', `${spec}: ${reasonOf(error)}: give a readable file or directory`, {
      cause: error,
    });
  }
}

async function collect(source: string, path: string): Promise<CpioEntry[]> {
  const stat = await lstat(source);
  const mode = stat.mode & 0o7777;
  if (stat.isSymbolicLink()) return [{ type: 'symlink', path, target: await readlink(source) }];
  if (stat.isFile()) return [{ type: 'file', path, mode, data: await readFile(source) }];
  if (!stat.isDirectory())
    throw new GuestImageError('usage', `${source} is neither a file nor a directory: leave it out`);
  const entries: CpioEntry[] = [{ type: 'directory', path, mode }];
  for (const name of (await readdir(source)).sort())
    entries.push(...(await collect(join(source, name), `${path}/${name}`)));
  return entries;
}
