import { afterEach, expect, test } from 'vitest';
import { READY_LINE } from '../src/guest/index.ts';
import { RunningCommand } from '../src/testing/run-command.ts';

let running: RunningCommand | undefined;
afterEach(() => {
  running?.child.kill('SIGKILL');
});

/** What the shell prints for a command whose own text does not contain it. */
async function shell(guest: RunningCommand, command: string, answer: string): Promise<void> {
  const from = guest.stdout.length;
  guest.child.stdin.write(`${command}\r`);
  await guest.until(answer, 'stdout', from);
}

test.each([
  ['vt220', 'default'],
  ['line', 'default'],
  ['vt220', 'interpret'],
  ['vt220', 'translate'],
])('a kernel and a RAM disk of Debian boot to a shell (%s console, tier "%s")', async (console, tier) => {
  const options = ['--memory', '512', '--console', console, '--tier', tier, '--counters'];
  const guest = new RunningCommand('cli', ['boot', ...options]);
  running = guest;
  await guest.until(READY_LINE);
  await guest.until('/root #');
  await shell(guest, 'echo "machine=$(uname -m)"', 'machine=s390x');
  await shell(guest, 'echo o""k', 'ok');
  guest.child.stdin.write('poweroff -f\r');
  const { status, stderr } = await guest.result;
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('crashed')]);
  const entries = Number(/"regionEntries":(\d+)/.exec(stderr)?.[1]);
  if (tier === 'interpret') expect(entries).toBe(0);
  else expect(entries).toBeGreaterThan(100_000);
});

test('a signal asks the guest to shut down', async () => {
  const guest = new RunningCommand('cli', ['boot']);
  running = guest;
  await guest.until('/root #');
  guest.child.kill('SIGTERM');
  await guest.until('asked the guest to shut down', 'stderr');
  expect((await guest.result).status).toBe(0);
});
