/** A small seeded fuzz run; `src/main.ts` makes longer ones. In a process of its own, since a hang must not be ours. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';

const SECONDS = 20;

it('guests that do everything wrong neither crash nor hang the host', () => {
  const main = join(import.meta.dirname, '../src/main.ts');
  const args = ['--conditions=zarch-source', main, '--seed', 'conformance', '--seconds', `${SECONDS}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 8 * SECONDS * 1000,
  });
  expect({ status, stderr, stdout }).toMatchObject({ status: 0, stderr: '' });
  const [, cases, runs] = /(\d+) cases, (\d+) runs: 0 findings\n$/.exec(stdout) ?? [];
  expect(Number(cases)).toBeGreaterThan(100);
  expect(Number(runs)).toBeGreaterThan(3000);
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
