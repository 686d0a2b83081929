import { expect, it } from 'vitest';
import { conditionLives } from './condition-lives.ts';
import type { Region } from './region.ts';
import { structureOfRegion } from './structure.ts';
import { testRegion } from './test-region.ts';

function livesIn(region: Region): ReadonlyMap<number, string> {
  return conditionLives(region, structureOfRegion(region));
}

/** By label, who sees the condition code at a program's blocks. */
function livesOf(source: string): Record<string, string | undefined> {
  const { region, labels } = testRegion(source);
  const lives = livesIn(region);
  return Object.fromEntries([...labels].map(([name, at]) => [name, lives.get(at)]));
}

it.each([
  ['is set again first', ' clgije %r2,0,meet\n ar %r3,%r4\nmeet: ar %r5,%r6\n br %r14', 'dead'],
  [
    'an access may fail before it is set',
    ' clgije %r2,0,meet\nmeet: l %r1,0(%r3)\n ar %r5,%r6\n br %r14',
    'cold',
  ],
  ['an access that sets it may fail', ' clgije %r2,0,meet\nmeet: a %r1,0(%r3)\n br %r14', 'cold'],
  ['a branch looks at it', ' clgije %r2,0,meet\nmeet: je out\n ar %r5,%r6\nout: ar %r3,%r4\n br %r14', 'hot'],
  ['the region ends with it', ' clgije %r2,0,meet\n ar %r3,%r4\nmeet: lr %r5,%r6\n br %r14', 'hot'],
  [
    'one of two ways leaves the region with it',
    ' clgije %r3,0,meet\nmeet: clgije %r2,0,set\n br %r14\nset: ar %r3,%r4\n br %r14',
    'hot',
  ],
  [
    'both ways set it',
    ' clgije %r2,0,meet\nmeet: clgije %r2,1,other\n ar %r3,%r4\n br %r14\nother: sr %r3,%r4\n br %r14',
    'dead',
  ],
  [
    'a loop sets it again, but may be left at its head',
    ' lr %r1,%r2\nmeet: ar %r3,%r4\n brct %r1,meet\n ar %r3,%r4\n br %r14',
    'cold',
  ],
  [
    'a loop is left with the one from before',
    ' lr %r1,%r2\nmeet: lr %r3,%r4\n brct %r1,meet\n br %r14',
    'hot',
  ],
])('%s', (_, source, life) => {
  expect(livesOf(source)['meet']).toBe(life);
});

it('a way into the middle of a block leaves the region', () => {
  const { region } = testRegion(' clgije %r2,0,8\n ar %r3,%r4\n ar %r5,%r6\n br %r14');
  const blocks = new Map([...region.blocks].filter(([at]) => at !== 8));
  expect(livesIn({ ...region, blocks }).get(0)).toBe('hot');
});
