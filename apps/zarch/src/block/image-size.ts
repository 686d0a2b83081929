/** How large a disk image is: a file, or a block device of the host. */
import { type FileHandle, readFile } from 'node:fs/promises';

const SECTOR = 512;

/** @returns Bytes, in whole sectors of 512, or what is wrong. */
export async function imageSize(handle: FileHandle): Promise<number | string> {
  const status = await handle.stat();
  if (status.isFile()) return Math.ceil(status.size / SECTOR) * SECTOR;
  if (status.isDirectory()) return 'Is a directory';
  if (!status.isBlockDevice()) return 'It is neither a regular file nor a block device';
  // Node has no call that tells the size of a block device; Linux has a file that does.
  const [major, minor] = [deviceMajor(status.rdev), deviceMinor(status.rdev)];
  try {
    return Number(await readFile(`/sys/dev/block/${major}:${minor}/size`, 'utf8')) * SECTOR;
  } catch {
    return 'The size of block devices is known only on Linux';
  }
}

/** Device numbers as glibc puts them together. */
function deviceMajor(device: number): number {
  return Number(((BigInt(device) >> 8n) & 0xfffn) | ((BigInt(device) >> 32n) & 0xffff_f000n));
}
function deviceMinor(device: number): number {
  return Number((BigInt(device) & 0xffn) | ((BigInt(device) >> 12n) & 0xffff_ff00n));
}
