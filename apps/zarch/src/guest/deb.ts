// A Debian binary package: an ar archive of a control and a data tar archive, deb(5).
import { unpackTar } from 'modern-tar';
import { type ArMember, readAr } from './ar.ts';
import { compressionOf, decompressing } from './compression.ts';
import { GuestImageError, reasonOf } from './error.ts';
import type { ProgressCallback } from './progress.ts';

/** A file of a package; `path` is relative to the root, without a leading `./`. */
export type DebFile =
  | { readonly type: 'file'; readonly path: string; readonly mode: number; readonly data: Uint8Array }
  | { readonly type: 'symlink'; readonly path: string; readonly target: string };

/** What was read of a package, in the archive's order. Directories and devices are left out. */
export interface Deb {
  readonly files: readonly DebFile[];
}

/** What to read. */
export interface ReadDebOptions {
  /** Whether to keep a path; the others are not held in memory. Default: every path. */
  readonly filter?: (path: string) => boolean;
  /** The most bytes its data may decompress to. Default 1 GiB. */
  readonly limit?: number;
  readonly progress?: ProgressCallback | undefined;
}

const relative = (name: string): string => name.replace(/^(\.?\/)+/, '');

/**
 * Unpacks a package's data in memory. `where` names the package in messages.
 * @throws GuestImageError `format`
 */
export async function readDeb(deb: Uint8Array, where: string, options: ReadDebOptions = {}): Promise<Deb> {
  const members = readAr(deb, where);
  const version = members[0];
  if (version?.name !== 'debian-binary' || !Buffer.from(version.data).toString('latin1').startsWith('2.'))
    throw new GuestImageError(
      'format',
      `${where}: not a Debian package of format 2: remove it and fetch it again`,
    );
  const data = members.find(({ name }) => /^data\.tar(\.|$)/.test(name));
  const compression = data && compressionOf(data.name);
  if (data === undefined || compression === undefined)
    throw new GuestImageError(
      'format',
      `${where}: ${data?.name ?? 'its data member'} is absent or of an unsupported compression: choose another suite`,
    );
  const files: DebFile[] = [];
  for (const { header, data: content } of await tarEntries(data, where, options)) {
    const path = relative(header.name);
    if (path.split('/').includes('..'))
      throw new GuestImageError(
        'format',
        `${where}: it has the unsafe path ${header.name}: use another mirror`,
      );
    if (header.type === 'symlink') files.push({ type: 'symlink', path, target: header.linkname ?? '' });
    else if (content !== undefined && (header.type ?? 'file') === 'file')
      files.push({ type: 'file', path, mode: header.mode ?? 0o644, data: content });
  }
  return { files };
}

async function tarEntries(data: ArMember, where: string, options: ReadDebOptions) {
  const total = data.data.length;
  const filter = options.filter;
  const consumed = (done: number) => options.progress?.({ step: 'unpack', item: where, done, total });
  try {
    return await unpackTar(
      decompressing(data.data, compressionOf(data.name) ?? '', { consumed, limit: options.limit }),
      {
        strict: true,
        ...(filter ? { filter: (header) => filter(relative(header.name)) } : {}),
      },
    );
  } catch (error) {
    throw new GuestImageError(
      'format',
      `${where}: ${data.name}: ${reasonOf(error)}: remove it and fetch it again`,
      {
        cause: error,
      },
    );
  }
}
