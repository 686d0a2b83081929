// The OpenPGP keys that Debian signs its archive with, from a keyring file or, where there is none, from the archive's
// own keyring package: of that, only keys whose fingerprints are pinned here count.

import { readFile } from 'node:fs/promises';
import { type Key, readKeys } from 'openpgp';
import { type DebFile, readDeb } from './deb.ts';
import { GuestImageError, isSystemError, reasonOf } from './error.ts';

/** Primary-key fingerprints of Debian's archive and stable release keys. */
export const DEBIAN_ARCHIVE_FINGERPRINTS: readonly string[] = [
  '1F89983E0081FDE018F3CC9673A4F27B8DD47936', // archive automatic signing key, 11 (bullseye)
  'A4285295FC7B1A81600062A9605C66F00D6C9793', // stable release key, 11 (bullseye)
  'B8B80B5B623EAB6AD8775C45B7C5D7D6350947F8', // archive automatic signing key, 12 (bookworm)
  '4D64FEC119C2029067D6E791F8D2585B8783D481', // stable release key, 12 (bookworm)
  '04B54C3CDCA79751B16BC6B5225629DF75B188BD', // archive automatic signing key, 13 (trixie)
  '41587F7DB8C774BCCF131416762F67A0B2C39DE4', // stable release key, 13 (trixie)
];

/** Where Debian's keyring package installs the keys, newest name first. */
export const INSTALLED_KEYRINGS: readonly string[] = [
  '/usr/share/keyrings/debian-archive-keyring.pgp',
  '/usr/share/keyrings/debian-archive-keyring.gpg',
];

/**
 * The keys of a keyring file, binary or armored.
 * @throws GuestImageError `usage` if it is absent or holds no keys
 */
export async function readKeyring(path: string): Promise<Key[]> {
  try {
    return await parseKeyring(await readFile(path));
  } catch (error) {
    throw new GuestImageError(
      'usage',
      `keyring ${path}: ${reasonOf(error)}: give a file of OpenPGP public keys with --keyring FILE`,
      { cause: error },
    );
  }
}

/** The keys of the first of these files that exists, or `undefined` if none does. */
export async function readFirstKeyring(paths: readonly string[]): Promise<Key[] | undefined> {
  for (const path of paths) {
    try {
      return await readKeyring(path);
    } catch (error) {
      if (!(error instanceof GuestImageError) || !isSystemError(error.cause, 'ENOENT')) throw error;
    }
  }
  return undefined;
}

function parseKeyring(bytes: Uint8Array): Promise<Key[]> {
  const text = Buffer.from(bytes.subarray(0, 4096)).toString('latin1');
  return text.includes('-----BEGIN PGP')
    ? readKeys({ armoredKeys: Buffer.from(bytes).toString('latin1') })
    : readKeys({ binaryKeys: bytes });
}

/**
 * The pinned keys in an untrusted `debian-archive-keyring` package. A subkey counts only if its primary key signed
 * it, which the OpenPGP library checks, so the primary fingerprints are all the trust there is.
 * @throws GuestImageError `signature` if none of the pinned keys is in it
 */
export async function pinnedKeys(
  deb: Uint8Array,
  fingerprints: readonly string[] = DEBIAN_ARCHIVE_FINGERPRINTS,
): Promise<Key[]> {
  const isKeyring = (path: string): boolean => /^usr\/share\/keyrings\/[^/]+\.(gpg|pgp|asc)$/.test(path);
  const { files } = await readDeb(deb, 'debian-archive-keyring', { filter: isKeyring, limit: 2 ** 24 });
  const found = new Map<string, Key>();
  for (const file of files) {
    for (const key of await keysOf(file)) {
      const fingerprint = key.getFingerprint().toUpperCase();
      if (fingerprints.includes(fingerprint) && !found.has(fingerprint)) found.set(fingerprint, key);
    }
  }
  if (found.size === 0)
    throw new GuestImageError(
      'signature',
      "the mirror's debian-archive-keyring has none of the archive keys that zarch knows: give a keyring with --keyring FILE",
    );
  return [...found.values()];
}

async function keysOf(file: DebFile): Promise<Key[]> {
  if (file.type !== 'file' || /removed-keys/.test(file.path)) return [];
  try {
    return await parseKeyring(file.data);
  } catch (error) {
    throw new GuestImageError(
      'format',
      `debian-archive-keyring: ${file.path}: ${reasonOf(error)}: give a keyring with --keyring FILE`,
      { cause: error },
    );
  }
}
