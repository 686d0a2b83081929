/** A report of made-up samples, for tests. */
import { makeReport } from '../report.ts';
import { EmulatorSamples } from '../samples.ts';

export const selection = {
  boot: true,
  debian: true,
  cases: [
    { group: 'kernels', name: 'fib', description: '' },
    { group: 'kernels', name: 'hash', description: '' },
    { group: 'mixes', name: 'clc', description: '' },
  ],
} as const;

/** Samples with every figure at `factor` times its base. */
export function samplesOf(factor: number): EmulatorSamples {
  const samples = new EmulatorSamples();
  const times = { kernel: 1, ready: 3, login: 6, end: 4 };
  const boot = { ...times, memory: 2 ** 20, counters: undefined, broken: undefined };
  for (const spread of [1, 1.5, 0.5]) {
    const scaled = Object.entries(boot).map(([name, value]) => [name, value && value * factor * spread]);
    samples.addBoot({ ...boot, ...Object.fromEntries(scaled), ends: [] });
    samples.addLogin({ ...boot, ...Object.fromEntries(scaled), ends: [] });
    const end = { kind: 'ended', seconds: factor * spread, checksum: 'c0de' } as const;
    const ends = [
      { ...end, name: 'fib', operations: 10 },
      { ...end, name: 'hash', seconds: 2 * factor * spread, operations: 10 },
      { ...end, name: 'clc', operations: 1_000_000 },
    ];
    samples.addCases({ ...boot, ends });
  }
  return samples;
}

/** zarch takes four times as long as QEMU, and four times the memory. */
export const report = (zarch = samplesOf(4)) =>
  makeReport(selection, new Map([...Object.entries({ zarch, QEMU: samplesOf(1) })]), 'QEMU');
