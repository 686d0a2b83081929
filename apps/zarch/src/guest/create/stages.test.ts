import { expect, test } from 'vitest';
import type { Progress } from '../progress.ts';
import { StageReader } from './stages.ts';

function read(...pieces: string[]): { readonly reader: StageReader; readonly seen: Progress[] } {
  const seen: Progress[] = [];
  const reader = new StageReader(2, (progress) => seen.push(progress));
  for (const piece of pieces) reader.push(Buffer.from(piece));
  return { reader, seen };
}

test('each package counts once, whatever pieces its lines come in', () => {
  const { seen } = read(
    'processing: install: dpkg:s390x\r\nstatus: dpkg:s390x: unpacked\r\nprocessing: inst',
    'all: dpkg:s390x\r\nprocessing: install: apt\r\nprocessing: configure: dpkg:s390x\r\n',
  );
  expect(seen.map(({ step, item, done, total }) => [step, item, done, total])).toEqual([
    ['install', 'dpkg', 1, 2],
    ['install', 'dpkg', 1, 2],
    ['install', 'apt', 2, 2],
    ['configure', 'dpkg', 1, 2],
  ]);
});

test.each([
  ['nothing', '[    1.0] Linux\r\n', undefined],
  ['a part of the last line', 'zarch-create: done', undefined],
  ['the end', 'zarch-create: done\r\n', { kind: 'done' }],
  ['a failure', 'zarch-create: failed making a disk\r\n', { kind: 'failed', what: 'making a disk' }],
  [
    'a failure after a line without an end',
    'dpkg: zarch-create: failed x\r\n',
    { kind: 'failed', what: 'x' },
  ],
  ['two ends', 'zarch-create: failed x\r\nzarch-create: done\r\n', { kind: 'failed', what: 'x' }],
])('of %s it makes %o: %o', (_, text, end) => {
  expect(read(text).reader.end).toEqual(end);
});

test('the log keeps its end', () => {
  const { reader } = read('x'.repeat(100_000), 'the end');
  expect(reader.log.length).toBe(65536);
  expect(reader.log).toMatch(/the end$/);
});
