import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium, PageMachine } from '../server/chromium.ts';
import { fetchGuestFiles, type GuestFiles } from '../server/guest.ts';

let browser: Browser;
let files: GuestFiles;
let machine: PageMachine | undefined;

beforeAll(async () => {
  const folder = join(import.meta.dirname, '..');
  const tsup = join(folder, '../../node_modules/.bin/tsup');
  execFileSync(tsup, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  files = fetchGuestFiles();
  const launched = await launchChromium();
  if (!launched) throw new Error('Chromium is needed (Debian: apt-get install chromium)');
  browser = launched;
});
afterEach(async () => {
  await machine?.close();
  machine = undefined;
});
afterAll(async () => {
  await browser?.close();
});

/** What the shell prints for a command whose own text does not contain it. */
async function shell(guest: PageMachine, command: string, answer: string): Promise<void> {
  const from = guest.text.length;
  await guest.type(`${command}\n`);
  await guest.until(answer, from);
}

test('a kernel and a RAM disk of Debian boot to a shell in a page', async () => {
  machine = await PageMachine.open(browser, { files });
  await machine.start();
  await machine.until('zarch: the guest is ready');
  await machine.until('/root #');
  await shell(machine, 'echo "machine=$(uname -m)"', 'machine=s390x');
  await shell(machine, 'echo o""k', 'ok');
  // More than the screen keeps, and than may be on its way to it.
  await shell(machine, `head -c 300000 /dev/zero | tr '\\0' x; echo al""l`, 'all');
  expect((await machine.page.locator('#console').textContent())?.length).toBeLessThan(1 << 18);
  await machine.type('poweroff -f\n');
  const { status, counters } = await machine.ended();
  expect(status).toBe('powered off');
  expect(counters['regionEntries']).toBeGreaterThan(100_000);
});

test('a page whose kernel is not there says so', async () => {
  machine = await PageMachine.open(browser, { files: { ...files, kernel: '/nowhere' } });
  await machine.start();
  const { status } = await machine.ended();
  expect(status).toMatch(/^failed: .*\/kernel: 404/);
});

test('a page without shared memory says what it needs', async () => {
  machine = await PageMachine.open(browser, { files });
  await machine.page.route('**/*', async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    delete headers['cross-origin-opener-policy'];
    await route.fulfill({ response, headers });
  });
  await machine.start();
  const { status } = await machine.ended();
  expect(status).toBe('failed: threads need a page that is cross-origin isolated');
});
