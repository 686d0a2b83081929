import { expect, it } from 'vitest';
import { fuzzCcwCommands } from './testing/fuzz.ts';

const COMMANDS = 1500;

it.each([1, 2, 3])('a driver that does anything (seed %i) gets an answer to each command', (seed) => {
  expect(fuzzCcwCommands(seed, COMMANDS)).toBeGreaterThan(COMMANDS / 20);
});
