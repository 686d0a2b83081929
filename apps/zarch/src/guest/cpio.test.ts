import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { type CpioEntry, packCpio } from './cpio.ts';
import { readCpio } from './testing/read-cpio.ts';

const entries: CpioEntry[] = [
  { type: 'directory', path: 'dev', mode: 0o755 },
  { type: 'character-device', path: 'dev/console', mode: 0o600, major: 5, minor: 1 },
  { type: 'file', path: 'init', mode: 0o755, data: Buffer.from('#!/bin/sh\n') },
  { type: 'symlink', path: 'sh', target: 'init' },
  { type: 'file', path: 'größe', mode: 0o644, data: new Uint8Array(0) },
];

test('entries are packed with their types, modes and content, without times and owners', () => {
  const read = readCpio(packCpio(entries));
  expect(read.map(({ path, mode }) => [path, mode.toString(8)])).toEqual([
    ['dev', '40755'],
    ['dev/console', '20600'],
    ['init', '100755'],
    ['sh', '120777'],
    ['größe', '100644'],
  ]);
  expect(read[1]?.device).toEqual([5, 1]);
  expect(read[2]?.data.toString()).toBe('#!/bin/sh\n');
  expect(read[3]?.data.toString()).toBe('init');
  expect(read.every(({ mtime, owner }) => mtime === 0 && owner === 0)).toBe(true);
});

test('the archive is padded to whole blocks', () => {
  expect(packCpio(entries).length % 512).toBe(0);
});

const hasCpio = (() => {
  try {
    execFileSync('cpio', ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!hasCpio)('the host cpio lists the same names', () => {
  const list = execFileSync('cpio', ['-t', '--quiet'], { input: packCpio(entries), encoding: 'utf8' });
  expect(list.trimEnd().split('\n')).toHaveLength(entries.length);
  expect(list).toContain('dev/console\ninit\nsh\n');
});
