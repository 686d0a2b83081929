// A Debian package with its members decompressed: deb(5) allows that, and the host decompresses faster than a guest.
import { packAr, readAr } from './ar.ts';
import { type Compression, compressionOf, decompress } from './compression.ts';
import { GuestImageError, reasonOf } from './error.ts';

const TAR = /^((?:control|data)\.tar)(?:\.\w+)?$/;

/**
 * The same package, `control.tar` and `data.tar` uncompressed. `where` names it in messages.
 * @throws GuestImageError `format`
 */
export async function uncompressedDeb(deb: Uint8Array, where: string): Promise<Uint8Array> {
  const members: Record<string, Uint8Array> = {};
  for (const { name, data } of readAr(deb, where)) {
    const [, tar] = TAR.exec(name) ?? [];
    members[tar ?? name] = tar === undefined ? data : await plain(data, where, name, compressionOf(name));
  }
  return packAr(members);
}

async function plain(
  data: Uint8Array,
  where: string,
  name: string,
  compression: Compression | undefined,
): Promise<Uint8Array> {
  if (compression === undefined)
    throw new GuestImageError(
      'format',
      `${where}: ${name} is of an unsupported compression: choose another suite`,
    );
  try {
    return await decompress(data, compression);
  } catch (error) {
    throw new GuestImageError(
      'format',
      `${where}: ${name}: ${reasonOf(error)}: remove it and fetch it again`,
      {
        cause: error,
      },
    );
  }
}
