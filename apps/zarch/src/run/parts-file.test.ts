import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PartsFile, writeParts } from './parts-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarch-parts-'));
  path = join(folder, 'file');
});
afterEach(() => rmSync(folder, { recursive: true }));

const parts = [Buffer.from('the first'), Buffer.alloc(0), Buffer.alloc(100_000, 'x')];
const write = (written: Iterable<Uint8Array> = parts) => writeParts(path, join(folder, 'temporary'), written);
function read(): readonly (string | undefined)[] {
  const file = PartsFile.open(path);
  const read = [0, 1, 2, 3].map((part) => file?.read(part)?.toString());
  file?.close();
  return file ? read : ['not whole'];
}

describe('PartsFile', () => {
  it('gives each part as it was written, and no others', () => {
    write();
    expect(read()).toEqual([...parts.map(String), undefined]);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('gives what it had when it was opened, whatever is written then', () => {
    write();
    const file = PartsFile.open(path);
    write([Buffer.from('another')]);
    expect(file?.read(0)?.toString()).toBe('the first');
    file?.close();
    expect(read()).toEqual(['another', undefined, undefined, undefined]);
  });

  it('leaves the file as it was when there is an error', () => {
    write();
    function* failing(): Generator<Uint8Array> {
      yield Buffer.from('another');
      throw new Error('no more');
    }
    expect(() => write(failing())).toThrow('no more');
    expect(read()[0]).toBe('the first');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('gives all parts but one whose bytes have changed', () => {
    write();
    const bytes = readFileSync(path);
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(read()).toEqual([undefined, ...parts.slice(1).map(String), undefined]);
  });

  it('is nothing when any byte of its table has changed, or any of its end is missing', () => {
    write(parts.slice(0, 2));
    const whole = readFileSync(path);
    const table = parts[0]?.length ?? 0;
    for (let at = table; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x80;
      writeFileSync(path, changed);
      expect(read(), `a change at ${at}`).toEqual(['not whole']);
    }
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      expect(read(), `${length} bytes`).toEqual(['not whole']);
    }
  });
});
