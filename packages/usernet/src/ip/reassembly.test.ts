import { expect, it } from 'vitest';
import { Reassembly } from './reassembly.ts';

const bytes = (length: number, value = 1) => new Uint8Array(length).fill(value);
type Piece = readonly [offset: number, length: number, more: boolean];

it.each<[string, Piece[], number | string]>([
  [
    'in order',
    [
      [0, 16, true],
      [16, 8, true],
      [24, 5, false],
    ],
    29,
  ],
  [
    'in any order',
    [
      [24, 5, false],
      [0, 16, true],
      [16, 8, true],
    ],
    29,
  ],
  [
    'with one twice',
    [
      [0, 16, true],
      [0, 16, true],
      [16, 5, false],
    ],
    21,
  ],
  [
    'with one missing',
    [
      [0, 8, true],
      [16, 5, false],
    ],
    'incomplete',
  ],
  [
    'that overlap',
    [
      [0, 16, true],
      [8, 16, true],
    ],
    'malformed',
  ],
  ['that are no multiple of 8', [[0, 15, true]], 'malformed'],
  ['beyond the largest packet', [[65528, 16, false]], 'malformed'],
  [
    'behind the last one',
    [
      [8, 8, false],
      [16, 8, true],
    ],
    'malformed',
  ],
  [
    'with two last ones',
    [
      [8, 8, false],
      [16, 8, false],
    ],
    'malformed',
  ],
  [
    'with a last one before others',
    [
      [16, 8, true],
      [0, 8, false],
    ],
    'malformed',
  ],
  ['of no length', [[8, 0, true]], 'malformed'],
])('fragments %s', (_, pieces, expected) => {
  const reassembly = new Reassembly(() => 0);
  const results = pieces.map(([offset, length, more]) =>
    reassembly.add({ key: 'k', offset, more, bytes: bytes(length) }),
  );
  const last = results.at(-1);
  expect(last instanceof Uint8Array ? last.length : last).toBe(expected);
});

it('packets that are not complete are bounded and forgotten in time', () => {
  let now = 0;
  const reassembly = new Reassembly(() => now);
  for (let i = 0; i < 100; i++) reassembly.add({ key: `${i}`, offset: 0, more: true, bytes: bytes(8) });
  expect(reassembly.waiting).toBe(16);
  now = 30_000;
  reassembly.add({ key: 'new', offset: 0, more: true, bytes: bytes(8) });
  expect(reassembly.waiting).toBe(1);
});

it('a packet has a bounded number of fragments', () => {
  const reassembly = new Reassembly(() => 0);
  const results = Array.from({ length: 65 }, (_, i) =>
    reassembly.add({ key: 'k', offset: 16 * i, more: true, bytes: bytes(8) }),
  );
  expect(results.indexOf('malformed')).toBe(64);
});
