import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunningCommand } from '../src/testing/run-command.ts';

let cache: string;
let running: RunningCommand | undefined;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'zarch-keep-'));
});
afterEach(() => {
  running?.child.kill('SIGKILL');
  rmSync(cache, { recursive: true });
});

interface Counters {
  /** Regions translated, found from earlier runs, and of those the ones that were used. */
  readonly regions: number;
  readonly stored: number;
  readonly reused: number;
}

/** Boots to the shell and powers off. */
async function boot(files: readonly string[], accel = 'zarch'): Promise<Counters> {
  const options = [
    '-nographic',
    '-m',
    '512',
    '-append',
    'console=ttysclp0',
    '-accel',
    `${accel},counters=on`,
  ];
  const guest = new RunningCommand('built system', [...options, ...files], { XDG_CACHE_HOME: cache });
  running = guest;
  await guest.until('/root #');
  guest.child.stdin.write('poweroff -f\r');
  const { status, stderr } = await guest.result;
  expect([status, stderr]).toEqual([0, expect.stringContaining('"counters"')]);
  const { counters } = JSON.parse(stderr) as { readonly counters: Counters };
  return counters;
}

test('a guest boots with what the boot before has translated', async () => {
  const fetch = new RunningCommand('cli', ['guest', 'fetch', '--json']);
  running = fetch;
  const { stdout } = await fetch.result;
  const { kernel, initrd } = JSON.parse(stdout) as { readonly kernel: string; readonly initrd: string };
  const files = ['-kernel', kernel, '-initrd', initrd];

  const first = await boot(files);
  expect(first).toMatchObject({ stored: 0, reused: 0 });
  expect(first.regions).toBeGreaterThan(100);
  // Node keeps our sources compiled, by its version.
  expect(readdirSync(join(cache, 'zarch', 'node'))).toHaveLength(1);

  const second = await boot(files);
  // Some loops were translated again when more of them was known.
  expect(second.stored).toBeGreaterThan(0.9 * first.regions);
  expect(second.reused).toBeGreaterThan(first.regions / 2);
  expect(second.regions).toBeLessThan(first.regions / 2);

  expect(await boot(files, 'zarch,keep=off')).toMatchObject({ stored: 0, reused: 0 });

  const folder = join(cache, 'zarch', 'translations');
  const [name] = readdirSync(folder);
  truncateSync(join(folder, name ?? ''), 100_000);
  expect(await boot(files)).toMatchObject({ stored: 0, reused: 0 });
});
