import { expect, it } from 'vitest';
import { fuzzDevices } from './testing/fuzz.ts';
import { fuzzNineP } from './testing/fuzz-ninep.ts';

const COUNT = 1600;
const SESSIONS = 200;

it('nothing that a driver does throws, hangs or writes outside storage', async () => {
  const failures = await fuzzDevices({ seed: 1, count: COUNT });
  // Without devices that fail and devices that do not, the cases would be too wild or too tame.
  expect(failures).toBeGreaterThan(COUNT / 10);
  expect(failures).toBeLessThan((COUNT * 9) / 10);
});

it('no 9P client gets an error of the server, a path through a symbolic link, or a file that stays open', async () => {
  const succeeded = await fuzzNineP({ seed: 1, count: SESSIONS });
  expect(succeeded).toBeGreaterThan(SESSIONS * 20);
});
