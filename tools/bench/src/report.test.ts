import { describe, expect, it } from 'vitest';
import { drawChart } from './chart.ts';
import { makeReport } from './report.ts';
import { EmulatorSamples } from './samples.ts';
import { formatReport } from './table.ts';
import { report, samplesOf, selection } from './testing/example-report.ts';

describe('the report', () => {
  it('divides the reference’s median by each emulator’s', () => {
    const ratios = report().rows.map(({ name, figures }) => [name, figures.map(({ ratio }) => ratio)]);
    expect(ratios).toEqual(
      ['kernel', 'user-space', 'power-off', 'memory', 'login', 'fib', 'hash', 'clc'].map((name) => [
        name,
        [0.25, 1],
      ]),
    );
  });

  it('gives times for one operation where a group has them, and memory in MiB', () => {
    const medians = new Map(report().rows.map(({ name, figures }) => [name, figures[1]?.summary?.median]));
    expect(medians.get('fib')).toBe(1);
    expect(medians.get('clc')).toBeCloseTo(1000);
    expect(medians.get('memory')).toBe(1);
  });

  it('has a geometric mean for each group, without memory', () => {
    const { means } = report();
    expect(means.filter(({ emulator }) => emulator === 'zarch')).toEqual([
      { group: 'boot', emulator: 'zarch', ratio: expect.closeTo(0.25), count: 3 },
      { group: 'debian', emulator: 'zarch', ratio: expect.closeTo(0.25), count: 1 },
      { group: 'kernels', emulator: 'zarch', ratio: expect.closeTo(0.25), count: 2 },
      { group: 'mixes', emulator: 'zarch', ratio: expect.closeTo(0.25), count: 1 },
    ]);
  });

  it('tells checksums that differ between emulators', () => {
    const zarch = samplesOf(4);
    zarch.of('hash').checksums.add('bad');
    const { rows } = report(zarch);
    expect(rows.filter(({ differs }) => differs).map(({ name }) => name)).toEqual(['hash']);
    expect(formatReport(report(zarch))).toMatch(/hash .* 0\.25 !\n[\s\S]*hash: the checksums DIFFER/);
  });

  it('compares nothing with an emulator that is absent', () => {
    const alone = makeReport(selection, new Map([['zarch', samplesOf(4)]]), 'QEMU');
    expect(alone.rows.every(({ figures }) => figures.every(({ ratio }) => ratio === undefined))).toBe(true);
    expect(drawChart(alone)).toBeUndefined();
    expect(formatReport(alone)).not.toContain('QEMU');
  });

  it('keeps why a case has no figure', () => {
    const zarch = new EmulatorSamples();
    const broken = { reason: 'over the limit of 300 s', name: 'fib' };
    const none = { kernel: 1, ready: 2, login: undefined, end: 3, memory: 1, counters: undefined, ends: [] };
    zarch.addBoot({ ...none, broken });
    zarch.addCases({ ...none, broken });
    const text = formatReport(report(zarch));
    expect(text).toContain('fib: zarch: over the limit of 300 s');
    expect(text).toMatch(/^fib +- /m);
    expect(drawChart(report(zarch))).toContain('zarch');
  });
});
