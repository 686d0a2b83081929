import { isBuiltAhead } from '@zarch/cpu';
import { expect, it } from 'vitest';
import { cpuModel, cpuModelNames } from './cpu-models.ts';

it.each(cpuModelNames())('has the CPU module that was built ahead for model %s', (name) => {
  expect(isBuiltAhead((bit) => cpuModel(name)?.facilities.has(bit) === true)).toBe(true);
});
