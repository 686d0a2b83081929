import { describe, expect, it } from 'vitest';
import { boot } from './boot.ts';

/** Runs a program of Node in an emulator's place. */
const run = (script: string, limit = 60, endsAt?: RegExp) =>
  boot(
    {
      program: process.execPath,
      args: ['-e', script],
      env: { GIVEN: '17' },
      ...(endsAt === undefined ? {} : { endsAt }),
    },
    limit,
  );

describe('a boot', () => {
  it('gives what the guest’s console said, in order of time', async () => {
    const result = await run(`
      console.log('Linux version 6\\nREADY\\nBEGIN a\\nEND a 1\\nDONE');
      console.error(JSON.stringify({ counters: { given: Number(process.env.GIVEN) } }));
    `);
    expect(result).toMatchObject({
      ends: [{ kind: 'ended', name: 'a', checksum: '1' }],
      counters: { given: 17 },
      broken: undefined,
    });
    const { kernel = Number.NaN, ready = Number.NaN, end } = result;
    expect(kernel).toBeLessThanOrEqual(ready);
    expect(ready).toBeLessThanOrEqual(end);
  });

  it('ends a process that is over the limit, and says in which case', async () => {
    const { broken } = await run(`console.log('READY\\nBEGIN a'); setInterval(() => {}, 1000)`, 2);
    expect(broken).toEqual({ reason: 'over the limit of 2 s', name: 'a' });
  });

  it('ends a process that stays after its guest', async () => {
    const { broken } = await run(`console.log('READY\\nDONE'); setInterval(() => {}, 1000)`, 60, /^DONE/m);
    expect(broken).toBeUndefined();
  });

  it.each([
    [`console.log('READY'); console.error('panic'); process.exit(3)`, /ended with status 3: READY\s+panic/],
    [`console.log('READY\\nBEGIN b')`, /ended too early/],
    [
      `console.log('READY\\nDONE'); process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 9)`,
      /SIGTERM/,
    ],
  ])('is broken after %s', async (script, reason) => {
    expect((await run(script)).broken?.reason).toMatch(reason);
  });

  it('throws if there is no such program', async () => {
    await expect(boot({ program: '/nowhere/emulator', args: [] }, 1)).rejects.toThrow('ENOENT');
  });
});
