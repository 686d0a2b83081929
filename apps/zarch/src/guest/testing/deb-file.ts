// Debian packages and kernel modules made in memory, for tests.
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { packAr } from '../ar.ts';

/** A package with these files; a string value starting with `->` makes a symbolic link. */
export async function packDeb(
  files: Readonly<Record<string, string | Uint8Array>>,
  compression: '' | 'gz' | 'zst' = 'gz',
): Promise<Uint8Array> {
  const mtime = new Date(0);
  const tar = await packTar(
    Object.entries(files).map(([path, content]) => {
      const name = `./${path}`;
      if (typeof content === 'string' && content.startsWith('->'))
        return { header: { name, size: 0, type: 'symlink' as const, linkname: content.slice(2), mtime } };
      const body = Buffer.from(content);
      return { header: { name, size: body.length, mode: 0o755, type: 'file' as const, mtime }, body };
    }),
  );
  const packed = compression === 'gz' ? gzipSync(tar) : compression === 'zst' ? zstdCompressSync(tar) : tar;
  return packAr({
    'debian-binary': Buffer.from('2.0\n'),
    'control.tar': new Uint8Array(1024),
    [`data.tar${compression && `.${compression}`}`]: packed,
  });
}

/** A big-endian ELF file with nothing but a `.modinfo` section of these strings. */
export function packModule(...info: string[]): Uint8Array {
  const modinfo = Buffer.from(info.map((text) => `${text}\0`).join(''));
  const names = Buffer.from('\0.modinfo\0.shstrtab\0');
  const table = 64 + modinfo.length + names.length;
  const elf = Buffer.alloc(table + 3 * 64);
  elf.write('\x7fELF\x02\x02\x01', 'latin1');
  elf.writeBigUInt64BE(BigInt(table), 40);
  elf.writeUInt16BE(3, 60);
  elf.writeUInt16BE(2, 62);
  modinfo.copy(elf, 64);
  names.copy(elf, 64 + modinfo.length);
  const section = (index: number, name: number, offset: number, size: number): void => {
    elf.writeUInt32BE(name, table + index * 64);
    elf.writeBigUInt64BE(BigInt(offset), table + index * 64 + 24);
    elf.writeBigUInt64BE(BigInt(size), table + index * 64 + 32);
  };
  section(1, 1, 64, modinfo.length);
  section(2, 10, 64 + modinfo.length, names.length);
  return elf;
}
