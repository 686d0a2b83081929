// Guest images: what `zarch guest` and `zarch boot` are made of.

export { cacheDirectory } from '../cache-directory.ts';
export type { AptSource } from './apt-sources.ts';
export { type Archive, type ArchiveOptions, fetchPackage, openArchive } from './archive.ts';
export { type InitramfsOptions, makeInitramfs, READY_LINE } from './busybox-initramfs.ts';
export { Cache } from './cache.ts';
export { type CpioEntry, packCpio } from './cpio.ts';
export {
  type CreatedSystem,
  type CreateOptions,
  createDebian,
  type Installation,
  type RunInstallation,
} from './create/create-debian.ts';
export { type Deb, type DebFile, type ReadDebOptions, readDeb } from './deb.ts';
export type { DownloadTiming } from './download.ts';
export { GuestImageError, type GuestImageFailure } from './error.ts';
export { DEFAULT_SUITE, fetchGuest, type Guest, type GuestOptions } from './fetch-guest.ts';
export { readHostFiles } from './host-files.ts';
export { DEBIAN_ARCHIVE_FINGERPRINTS } from './keyring.ts';
export { LOCK_NAME, type Lock, type LockedGuest, type LockedPackage, readLock, writeLock } from './lock.ts';
export { findMirrors, type Mirror, type MirrorOptions, shownUri } from './mirror.ts';
export { type KernelModule, KernelModules, type ModuleSet } from './modules.ts';
export { PRIORITIES, type Priority } from './package-set.ts';
export type { Progress, ProgressCallback } from './progress.ts';
