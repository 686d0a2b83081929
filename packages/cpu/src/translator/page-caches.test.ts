/** Which base registers of a region have a page cache. */
import { Access } from '@zarch/memory';
import { I32, ModuleBuilder } from '@zarch/wasm';
import { expect, it } from 'vitest';
import { PageCaches } from './page-caches.ts';
import { structureOfRegion } from './structure.ts';
import { testRegion } from './test-region.ts';

const many = (count: number) => ' ar %r8,%r9\n'.repeat(count);
const loop = (step: string, count = 0) =>
  `start: l %r1,0(%r2)\n a %r1,4(%r2)\n ${step}\n${many(count)} brct %r3,start\n br %r14`;

it.each([
  ['a loop that steps on', loop('la %r2,8(%r2)'), true],
  ['a loop whose base goes anywhere', loop('lgr %r2,%r1'), true],
  ['a loop whose bases all go anywhere', 'start: lg %r2,0(%r2)\n brct %r3,start\n br %r14', false],
  ['a loop by large steps', loop('la %r2,2048(%r2)\n l %r1,0(%r2)\n la %r2,2048(%r2)'), false],
  ['code without a loop', 'start: l %r1,0(%r2)\n a %r1,4(%r2)\n br %r14', false],
  ['a large loop', loop('la %r2,8(%r2)', 200), false],
])('%s', (_, source, has) => {
  const { region } = testRegion(source);
  const { inLoops } = structureOfRegion(region);
  const [load] = region.blocks.get(region.entry)?.instructions ?? [];
  new ModuleBuilder().function('region', [], [], (f) => {
    const caches = new PageCaches(f, region, inLoops);
    expect(load && caches.of(load, I32.const(2), Access.read) !== undefined).toBe(has);
    expect(load && caches.of(load, I32.const(2), Access.write)).toBe(undefined);
  });
});
