// A suite of a Debian archive on a mirror: its verified Release and Packages files, and the packages themselves.
import type { Key } from 'openpgp';
import { type Cache, sha256 } from './cache.ts';
import { type Compression, decompress } from './compression.ts';
import { type DownloadTiming, download } from './download.ts';
import { GuestImageError, reasonOf } from './error.ts';
import {
  DEBIAN_ARCHIVE_FINGERPRINTS,
  INSTALLED_KEYRINGS,
  pinnedKeys,
  readFirstKeyring,
  readKeyring,
} from './keyring.ts';
import type { LockedPackage } from './lock.ts';
import { type Mirror, shownUri } from './mirror.ts';
import { type IndexedPackage, PackagesIndex } from './packages-index.ts';
import type { ProgressCallback } from './progress.ts';
import {
  checkRelease,
  checkSignature,
  parseRelease,
  type Release,
  type SignedRelease,
  unverifiedText,
} from './release.ts';

/** How an archive is reached and trusted. */
export interface ArchiveOptions {
  readonly mirrors: readonly Mirror[];
  readonly cache: Cache;
  /** A codename or class, as `bookworm`. */
  readonly suite: string;
  /** A keyring file to trust instead of the installed one. */
  readonly keyring?: string | undefined;
  /** Takes a Release file past its Valid-Until date. */
  readonly allowExpired?: boolean | undefined;
  readonly progress?: ProgressCallback | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timing?: DownloadTiming | undefined;
  /** Default: where Debian installs its keyring. */
  readonly installedKeyrings?: readonly string[] | undefined;
  /** Default: {@link DEBIAN_ARCHIVE_FINGERPRINTS}. */
  readonly fingerprints?: readonly string[] | undefined;
}

/** A suite whose signature and index checksum were good. */
export interface Archive {
  readonly suite: string;
  readonly release: Release;
  /** The primary fingerprint of the key that signed it. */
  readonly signedBy: string;
  /**
   * The latest version of an s390x (or architecture-independent) package of component main.
   * @throws GuestImageError `not-found`
   */
  find(name: string): IndexedPackage;
  /** All its packages. */
  readonly index: PackagesIndex;
  /** Where it is. */
  readonly mirror: Mirror;
}

const ARCHITECTURE = 's390x';

/**
 * Opens a suite on the first mirror that has it.
 * @throws GuestImageError `signature` and `checksum` at once; `network` and `not-found` after the last mirror
 */
export async function openArchive(options: ArchiveOptions): Promise<Archive> {
  return onFirstMirror(options.mirrors, (mirror) => openOn(mirror, options));
}

/**
 * A package's bytes, from the cache or a mirror; its size and SHA-256 are checked in both cases.
 * @throws GuestImageError
 */
export async function fetchPackage(
  locked: LockedPackage,
  options: Pick<ArchiveOptions, 'mirrors' | 'cache' | 'progress' | 'signal' | 'timing'>,
): Promise<Uint8Array> {
  const cached = await cachedPackage(options.cache, locked);
  if (cached !== undefined) return cached;
  return onFirstMirror(options.mirrors, async (mirror) => {
    try {
      return await fetchChecked(mirror, locked.path, locked, packageFile(locked), locked.package, options);
    } catch (error) {
      if (!(error instanceof GuestImageError) || error.failure !== 'not-found') throw error;
      throw new GuestImageError(
        'not-found',
        `${shownUri(mirror.uri)} no longer has ${locked.package} ${locked.version} of the lock file: update the lock with --update, or give another mirror with --mirror URL`,
        { cause: error },
      );
    }
  });
}

/** A package's bytes if they are in the cache. */
export function cachedPackage(cache: Cache, locked: LockedPackage): Promise<Uint8Array | undefined> {
  return cache.read(packageFile(locked), locked.sha256);
}

function packageFile(locked: Pick<LockedPackage, 'package' | 'version' | 'architecture' | 'sha256'>): string {
  const version = locked.version.replaceAll(':', '%3a');
  return `debs/${locked.package}_${version}_${locked.architecture}.${locked.sha256.slice(0, 12)}.deb`;
}

async function onFirstMirror<T>(
  mirrors: readonly Mirror[],
  work: (mirror: Mirror) => Promise<T>,
): Promise<T> {
  let last: GuestImageError | undefined;
  for (const mirror of mirrors) {
    try {
      return await work(mirror);
    } catch (error) {
      if (!(error instanceof GuestImageError) || !['network', 'not-found'].includes(error.failure))
        throw error;
      last = error;
    }
  }
  throw last ?? new GuestImageError('no-mirror', 'no mirror to fetch from: give one with --mirror URL');
}

async function openOn(mirror: Mirror, options: ArchiveOptions): Promise<Archive> {
  const where = `${shownUri(mirror.uri)} (${options.suite})`;
  const signed = await fetchRelease(mirror, options);
  const { text, fingerprint } = await verifiedText(mirror, signed, where, options);
  const release = parseRelease(text, where);
  const allowExpired = options.allowExpired ?? false;
  checkRelease(release, { suite: options.suite, now: new Date(), allowExpired }, where);
  const index = await fetchIndex(mirror, release, where, options);
  const find = (name: string): IndexedPackage => {
    const found = index.find(name);
    if (found !== undefined) return found;
    throw new GuestImageError(
      'not-found',
      `${where} has no package ${name} for ${ARCHITECTURE}: choose another suite with --suite NAME`,
    );
  };
  return { suite: options.suite, release, signedBy: fingerprint, find, index, mirror };
}

async function fetchRelease(mirror: Mirror, options: ArchiveOptions): Promise<SignedRelease> {
  const { progress, signal, timing } = options;
  const get = (name: string): Promise<Uint8Array> =>
    download(`${mirror.uri}/dists/${options.suite}/${name}`, { item: name, progress, signal, timing });
  try {
    return { kind: 'cleartext', text: Buffer.from(await get('InRelease')).toString() };
  } catch (error) {
    if (!(error instanceof GuestImageError) || error.failure !== 'not-found') throw error;
  }
  const text = Buffer.from(await get('Release')).toString();
  return { kind: 'detached', text, signature: await get('Release.gpg') };
}

async function verifiedText(
  mirror: Mirror,
  signed: SignedRelease,
  where: string,
  options: ArchiveOptions,
): Promise<{ readonly text: string; readonly fingerprint: string }> {
  const keys = options.keyring
    ? await readKeyring(options.keyring)
    : await readFirstKeyring([...mirror.keyrings, ...(options.installedKeyrings ?? INSTALLED_KEYRINGS)]);
  let check = keys && (await checkSignature(signed, keys));
  // An old machine's keyring lacks a newer suite's keys: the pinned ones stand in for it as for no keyring.
  if (!options.keyring && (check === undefined || check.kind === 'unknown-key'))
    check = await checkSignature(signed, await bootstrapKeys(mirror, signed, where, options));
  if (check?.kind === 'good') return check;
  const reason =
    check?.kind === 'unknown-key'
      ? `none of the signing keys (${check.keyIds.join(', ')}) is in the keyring`
      : (check?.reason ?? 'there is no key');
  throw new GuestImageError(
    'signature',
    `${where}: the Release signature is not good: ${reason}: use another mirror, or give its keyring with --keyring FILE`,
  );
}

/** The pinned keys, by way of an index that nobody vouches for yet. */
async function bootstrapKeys(
  mirror: Mirror,
  signed: SignedRelease,
  where: string,
  options: ArchiveOptions,
): Promise<Key[]> {
  let text: string;
  try {
    text = await unverifiedText(signed);
  } catch (error) {
    throw new GuestImageError(
      'signature',
      `${where}: ${reasonOf(error)}: give another mirror with --mirror URL`,
      { cause: error },
    );
  }
  const index = await fetchIndex(mirror, parseRelease(text, where), where, options);
  const found = index.find('debian-archive-keyring');
  if (found === undefined)
    throw new GuestImageError(
      'signature',
      `${where}: this machine has no Debian keyring and the mirror offers none: give one with --keyring FILE`,
    );
  const deb = await fetchChecked(mirror, found.path, found, packageFile(found), found.package, options);
  return pinnedKeys(deb, options.fingerprints ?? DEBIAN_ARCHIVE_FINGERPRINTS);
}

async function fetchIndex(
  mirror: Mirror,
  release: Release,
  where: string,
  options: ArchiveOptions,
): Promise<PackagesIndex> {
  const base = `main/binary-${ARCHITECTURE}`;
  const compression = (['xz', 'gz', ''] as const).find((kind) => release.files.has(indexName(base, kind)));
  const name = indexName(base, compression ?? 'xz');
  const expected = release.files.get(name);
  if (compression === undefined || expected === undefined)
    throw new GuestImageError(
      'not-found',
      `${where} has no ${ARCHITECTURE} packages: give a full Debian mirror with --mirror URL`,
    );
  const cached = `indexes/${options.suite}.${expected.sha256.slice(0, 12)}${compression && `.${compression}`}`;
  const byHash = `dists/${options.suite}/${base}/by-hash/SHA256/${expected.sha256}`;
  const plain = `dists/${options.suite}/${name}`;
  const get = (path: string) => fetchChecked(mirror, path, expected, cached, 'Packages', options);
  const bytes = release.acquireByHash
    ? await get(byHash).catch(orIfAbsent(() => get(plain)))
    : await get(plain);
  try {
    return new PackagesIndex(await decompress(bytes, compression), where);
  } catch (error) {
    throw new GuestImageError(
      'format',
      `${where}: ${name}: ${reasonOf(error)}: give another mirror with --mirror URL`,
      { cause: error },
    );
  }
}

const indexName = (base: string, compression: Compression): string =>
  `${base}/Packages${compression && `.${compression}`}`;

/** By-hash names avoid a race with the mirror's update, but not every mirror copies them. */
function orIfAbsent<T>(otherwise: () => Promise<T>): (error: unknown) => Promise<T> {
  return (error) => {
    if (error instanceof GuestImageError && error.failure === 'not-found') return otherwise();
    throw error;
  };
}

/** A file of the mirror through the cache, where it appears only if its checksum is right. */
async function fetchChecked(
  mirror: Mirror,
  path: string,
  expected: { readonly sha256: string; readonly size: number },
  cached: string,
  item: string,
  options: Pick<ArchiveOptions, 'cache' | 'progress' | 'signal' | 'timing'>,
): Promise<Uint8Array> {
  const there = await options.cache.read(cached, expected.sha256);
  if (there !== undefined) return there;
  const { progress, signal, timing } = options;
  const url = `${mirror.uri}/${path.split('/').map(encodeURIComponent).join('/')}`;
  const good = (bytes: Uint8Array) => bytes.length === expected.size && sha256(bytes) === expected.sha256;
  const partial = options.cache.partial(cached);
  const get = () => download(url, { item, size: expected.size, progress, signal, timing, partial });
  const resumed = (await partial.read()).length > 0;
  let bytes = await get();
  // What an earlier run left may have been of another file, or of two runs at once.
  if (!good(bytes) && resumed) {
    await partial.remove();
    bytes = await get();
  }
  await partial.remove();
  if (!good(bytes))
    throw new GuestImageError(
      'checksum',
      `${shownUri(mirror.uri)}: ${path} does not have the checksum that the archive's signed files give: the mirror may be changing, try again later or give another with --mirror URL`,
    );
  await options.cache.write(cached, bytes);
  return bytes;
}
