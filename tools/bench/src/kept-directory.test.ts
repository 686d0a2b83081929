import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { digest, keptDirectory } from './kept-directory.ts';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'zarch-kept-'));
  vi.stubEnv('XDG_CACHE_HOME', scratch);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(scratch, { recursive: true });
});

describe('a digest', () => {
  const of = (values: readonly unknown[], files: Readonly<Record<string, string>>): string => {
    const directory = mkdtempSync(join(scratch, 'sources-'));
    const paths = Object.entries(files).map(([name, content]) => {
      writeFileSync(join(directory, name), content);
      return join(directory, name);
    });
    return digest(values, paths);
  };
  const usual = { 'a.c': 'one', 'b.c': 'two' };

  it('is the same for the same files elsewhere', () => {
    expect(of(['-O2'], usual)).toMatch(/^[0-9a-f]{16}$/);
    expect(of(['-O2'], usual)).toBe(of(['-O2'], usual));
  });

  it.each([
    ['value', ['-O1'], usual],
    ['content', ['-O2'], { 'a.c': 'one', 'b.c': 'twx' }],
    ['name', ['-O2'], { 'a.c': 'one', 'c.c': 'two' }],
    ['border between files', ['-O2'], { 'a.c': 'onet', 'b.c': 'wo' }],
    ['number of files', ['-O2'], { 'a.c': 'one' }],
  ])('is another for another %s', (_, values, files) => {
    expect(of(values, files)).not.toBe(of(['-O2'], usual));
  });
});

describe('a kept directory', () => {
  const kept = (key: string, content = 'made'): string =>
    keptDirectory('part', key, (directory) => {
      mkdirSync(join(directory, 'inside'));
      writeFileSync(join(directory, 'inside/file'), content);
    });

  it('is made once for each key, beside the others', () => {
    const first = kept('one', 'first');
    expect(first).toBe(join(scratch, 'zarch/part/one'));
    expect(kept('one', 'second')).toBe(first);
    expect(kept('two', 'third')).toBe(join(scratch, 'zarch/part/two'));
    expect(readFileSync(join(first, 'inside/file'), 'utf8')).toBe('first');
    expect(readdirSync(join(scratch, 'zarch/part')).sort()).toEqual(['one', 'two']);
  });

  it('is not there while it is made', () => {
    keptDirectory('part', 'one', (directory) => {
      expect(directory).not.toBe(join(scratch, 'zarch/part/one'));
      expect(readdirSync(join(scratch, 'zarch/part'))).not.toContain('one');
    });
    expect(readdirSync(join(scratch, 'zarch/part'))).toEqual(['one']);
  });

  it('is that of whoever is done first', () => {
    const directory = keptDirectory('part', 'one', (work) => {
      kept('one', 'first');
      mkdirSync(join(work, 'inside'));
      writeFileSync(join(work, 'inside/file'), 'second');
    });
    expect(readFileSync(join(directory, 'inside/file'), 'utf8')).toBe('first');
    expect(readdirSync(join(scratch, 'zarch/part'))).toEqual(['one']);
  });

  it('leaves nothing when it cannot be made, and can be made later', () => {
    const fail = (directory: string): void => {
      writeFileSync(join(directory, 'half'), '');
      throw new Error('no');
    };
    expect(() => keptDirectory('part', 'one', fail)).toThrow('no');
    expect(readdirSync(join(scratch, 'zarch/part'))).toEqual([]);
    expect(readdirSync(kept('one'))).toEqual(['inside']);
  });
});
