/** A small seeded fuzz run; `src/main.ts` makes longer ones. In a process of its own, since a hang must not be ours. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';

const SECONDS = 20;

it.each([
  ['interpreted', [], 3000],
  ['translated at first sight', ['--translate'], 300],
] as const)('guests that do everything wrong, %s, neither crash nor hang the host', (_, options, least) => {
  const main = join(import.meta.dirname, '../src/main.ts');
  const time = ['--seed', 'conformance', '--seconds', `${SECONDS}`];
  const args = ['--conditions=zarch-source', main, ...time, ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 8 * SECONDS * 1000,
  });
  expect({ status, stderr, stdout }).toMatchObject({ status: 0, stderr: '' });
  const [, cases, runs] = /(\d+) cases, (\d+) runs: 0 findings\n$/.exec(stdout) ?? [];
  expect(Number(cases)).toBeGreaterThan(30);
  expect(Number(runs)).toBeGreaterThan(least);
  // Guests that stop at once would find nothing: they must get to each part of the machine.
  for (const reason of [
    'service',
    'diagnose',
    'stsi',
    'io chsc',
    'io msch',
    'idle',
    'programLoop',
    'disabledWait',
  ]) {
    expect(stdout).toMatch(new RegExp(`\\b${reason} \\d+`));
  }
});
