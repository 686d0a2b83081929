import { describe, expect, it } from 'vitest';
import { MarkerReader } from './markers.ts';

function read(...pieces: readonly (readonly [number, string])[]): MarkerReader {
  const reader = new MarkerReader();
  for (const [now, text] of pieces) reader.push(text, now);
  return reader;
}

describe('the reader of markers', () => {
  it('takes the times of the first line of the kernel and of user space', () => {
    const reader = read(
      [1, '[    0.000000] Linux version 6.1.0-50-s390x (debian-kernel@lists.debian.org)\r\n'],
      [2, '[    0.1] Linux version 6.1.0 again\r\n'],
      [3, 'READY\r\n'],
      [4, 'READY\r\n'],
    );
    expect(reader).toMatchObject({ kernel: 1, ready: 3, done: false });
  });

  it('times a case from BEGIN to END', () => {
    const reader = read([10, 'BEGIN crc32\r\n'], [12.5, 'END crc32 00ff 1600\r\n'], [13, 'DONE\r\n']);
    expect(reader.ends).toEqual([
      { kind: 'ended', name: 'crc32', seconds: 2.5, checksum: '00ff', operations: 1600 },
    ]);
    expect(reader).toMatchObject({ current: undefined, done: true });
  });

  it('waits for the end of a line that comes in pieces', () => {
    const reader = read([1, 'BEG'], [2, 'IN a\r'], [3, '\nEND a 0'], [4, '1\n']);
    expect(reader.ends).toEqual([
      { kind: 'ended', name: 'a', seconds: 1, checksum: '01', operations: undefined },
    ]);
  });

  it.each([
    ['END a 01 -  ', undefined],
    ['END a 01', undefined],
    ['END a 01 x', undefined],
    ['END a 01 20', 20],
  ])('reads the operations of %j', (line, operations) => {
    const reader = read([0, 'BEGIN a\n'], [1, `${line}\n`]);
    expect(reader.ends).toMatchObject([{ checksum: '01', operations }]);
  });

  it('passes over what a console prints before the guest’s text', () => {
    const reader = read([1, '21:04:16 READY\n21:04:16 BEGIN a\n'], [2, '21:04:17 END a 7\n']);
    expect(reader.ready).toBe(1);
    expect(reader.ends).toHaveLength(1);
  });

  it.each(['the BEGINNING', 'WEEKEND a 1', 'END', 'END b 1 2', 'READY now', 'random: crng init done'])(
    'is not misled by %j',
    (line) => {
      const reader = read([0, 'BEGIN a\n'], [1, `${line}\n`]);
      expect(reader).toMatchObject({
        current: { name: 'a', since: 0 },
        ends: [],
        ready: undefined,
        done: false,
      });
    },
  );

  it('takes the time of the first prompt for a user’s name, which ends no line', () => {
    const reader = read([1, 'login: is not yet\n'], [2, 'debian lo'], [3, 'gin: '], [4, '\ndebian login: ']);
    expect(reader.login).toBe(3);
  });

  it('reports a case that fails in the guest, and goes on', () => {
    const reader = read([0, 'BEGIN a\n'], [1, 'FAIL a 127\n'], [2, 'BEGIN b\n'], [3, 'END b 1\n']);
    expect(reader.ends.map(({ kind, name }) => [kind, name])).toEqual([
      ['failed', 'a'],
      ['ended', 'b'],
    ]);
  });

  it('keeps the last of the text for messages', () => {
    const reader = read([0, 'x'.repeat(5000)], [1, 'Kernel panic']);
    expect(reader.tail.endsWith('xKernel panic')).toBe(true);
    expect(reader.tail.length).toBeLessThan(5000);
  });
});
