// The compressions that Debian's packages and indexes use: gzip and zstd by Node's zlib, xz by WebAssembly.
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import xz from 'xz-decompress';

/** A compression by the file extension that names it; '' is none. */
export type Compression = '' | 'gz' | 'xz' | 'zst';

/** The compression that a file name's extension names; `undefined` for one that is not supported. */
export function compressionOf(name: string): Compression | undefined {
  const extension = /\.(gz|xz|zst|bz2|lzma)$/.exec(name)?.[1] ?? '';
  return extension === 'bz2' || extension === 'lzma' ? undefined : (extension as Compression);
}

const PIECE = 256 * 1024;

/** What to take of compressed bytes, and whom to tell. */
export interface DecompressOptions {
  /** The most bytes to give out, against input made to exhaust memory. Default 1 GiB. */
  readonly limit?: number | undefined;
  /** Hears how many compressed bytes went in so far. */
  readonly consumed?: ((done: number) => void) | undefined;
}

/** The decompressed bytes as they come. The stream fails for corrupt input and beyond the limit. */
export function decompressing(
  bytes: Uint8Array,
  compression: Compression,
  options: DecompressOptions = {},
): ReadableStream<Uint8Array> {
  return ReadableStream.from(limited(decoder(bytes, compression, options), options.limit ?? 2 ** 30));
}

async function* limited(source: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const part of source) {
    length += part.length;
    if (length > limit) throw new Error(`more than ${limit} bytes when decompressed`);
    yield part;
  }
}

function decoder(
  bytes: Uint8Array,
  compression: Compression,
  { consumed }: DecompressOptions,
): AsyncIterable<Uint8Array> {
  const pieces = function* (): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += PIECE) {
      const end = Math.min(at + PIECE, bytes.length);
      consumed?.(end);
      yield bytes.subarray(at, end);
    }
  };
  switch (compression) {
    case '':
      return ReadableStream.from(pieces());
    case 'xz':
      return new xz.XzReadableStream(ReadableStream.from(pieces()));
    case 'gz':
    case 'zst':
      return Readable.from(pieces()).pipe(compression === 'gz' ? createGunzip() : createZstdDecompress());
  }
}

/** All decompressed bytes. Throws an `Error` for corrupt input and beyond the limit. */
export async function decompress(
  bytes: Uint8Array,
  compression: Compression,
  options: DecompressOptions = {},
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of decompressing(bytes, compression, options)) parts.push(part);
  return Buffer.concat(parts);
}
