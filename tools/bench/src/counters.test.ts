import { expect, it } from 'vitest';
import { readCounters } from './counters.ts';
import { parseStatus } from './peak-memory.ts';

it.each([
  ['', undefined],
  ['zarch: something else\n', undefined],
  ['{"counters": {"instructions": 12, "exits": 3}}\n', { instructions: 12, exits: 3 }],
  ['noise\n{"counters":{"a":1}}\nmore noise\n', { a: 1 }],
  ['{"counters":{"a":1}}\n{"counters":{"a":2}}\n', { a: 2 }],
  ['{"counters":{"a":1}}\n{"counters":{"a":\n', { a: 1 }],
  ['{"counters":{"a":1,"b":"x","c":null}}\n', { a: 1 }],
  ['{"counters":7}\n', undefined],
])('reads the counters in %j', (text, expected) => expect(readCounters(text)).toEqual(expected));

it.each([
  ['Name:\tnode\nVmPeak:\t  900 kB\nVmHWM:\t    188 kB\nVmRSS:\t 100 kB\n', 188 * 1024],
  ['Name:\tnode\nState:\tZ (zombie)\n', undefined],
])('reads the peak memory in %j', (text, expected) => expect(parseStatus(text)).toBe(expected));
