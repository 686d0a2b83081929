import { describe, expect, it } from 'vitest';
import { drawChart } from './chart.ts';
import { report } from './testing/example-report.ts';

describe('the chart', () => {
  const svg = drawChart(report()) ?? '';

  it('is SVG with the series, the groups, the cases and the speeds', () => {
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    for (const text of ['speed, QEMU = 1', 'zarch', 'boot', 'kernels', 'mixes', 'fib', 'hash', 'clc', '0.25'])
      expect(svg).toContain(`>${text}<`);
  });

  it('has no series for the reference', () => expect(svg).not.toContain('>QEMU<'));
});
