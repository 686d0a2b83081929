/**
 * A file of several parts, each of which can be read alone and is checked when it is: the parts, a table of their sizes
 * and digests, and the table's digest. Written as a whole or not at all.
 */
import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { createHash } from './crypto.ts';

const DIGEST = 32;
/** A part in the table: its size, and its digest. */
const ENTRY = 8 + DIGEST;
/** Behind the table: the number of parts, and the table's digest. */
const FOOTER = 8 + DIGEST;

interface Part {
  readonly at: number;
  readonly size: number;
  readonly digest: Buffer;
}

/** Reads what {@link writeParts} has written. It stays what it was while others write. */
export class PartsFile {
  readonly #file: number;
  readonly #parts: readonly Part[];

  private constructor(file: number, parts: readonly Part[]) {
    this.#file = file;
    this.#parts = parts;
  }

  /** Undefined when the table is damaged. */
  static open(path: string): PartsFile | undefined {
    const file = openSync(path, 'r');
    const parts = readTable(file);
    if (parts) return new PartsFile(file, parts);
    closeSync(file);
    return undefined;
  }

  /** One part; undefined when it is damaged or missing. */
  read(part: number): Buffer<ArrayBuffer> | undefined {
    const entry = this.#parts[part];
    const bytes = entry && readAt(this.#file, entry.at, entry.size);
    return bytes && digest(bytes).equals(entry.digest) ? bytes : undefined;
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** @param temporary - A path on the same file system; nothing is left there. */
export function writeParts(path: string, temporary: string, parts: Iterable<Uint8Array>): void {
  const file = openSync(temporary, 'w', 0o600);
  try {
    const entries: Buffer[] = [];
    for (const part of parts) {
      writeAll(file, part);
      entries.push(numberBytes(part.length), digest(part));
    }
    const table = Buffer.concat(entries);
    writeAll(file, Buffer.concat([table, numberBytes(table.length / ENTRY), digest(table)]));
    renameSync(temporary, path);
  } finally {
    closeSync(file);
    rmSync(temporary, { force: true });
  }
}

function readTable(file: number): readonly Part[] | undefined {
  const { size } = fstatSync(file);
  const footer = readAt(file, size - FOOTER, FOOTER);
  const count = Number(footer?.readBigUInt64BE() ?? 0n);
  const end = size - FOOTER - count * ENTRY;
  const table = readAt(file, end, count * ENTRY);
  if (!footer || !table || !digest(table).equals(footer.subarray(8))) return undefined;
  const parts: Part[] = [];
  let at = 0;
  for (let entry = 0; entry < table.length; entry += ENTRY) {
    const bytes = Number(table.readBigUInt64BE(entry));
    parts.push({ at, size: bytes, digest: table.subarray(entry + 8, entry + ENTRY) });
    at += bytes;
  }
  return at === end ? parts : undefined;
}

/** Undefined when the file does not have all of it. */
function readAt(file: number, at: number, size: number): Buffer<ArrayBuffer> | undefined {
  if (at < 0 || size < 0 || at + size > fstatSync(file).size) return undefined;
  const bytes = Buffer.allocUnsafeSlow(size);
  for (let done = 0; done < size; ) {
    const read = readSync(file, bytes, done, size - done, at + done);
    if (read === 0) return undefined;
    done += read;
  }
  return bytes;
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

function numberBytes(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(number));
  return bytes;
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
