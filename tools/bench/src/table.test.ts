import { describe, expect, it } from 'vitest';
import { formatFigure, formatReport } from './table.ts';
import { report } from './testing/example-report.ts';

describe('the table', () => {
  it('has a line for each figure with medians, spreads and speeds', () => {
    expect(formatReport(report())).toBe(
      [
        'boot: seconds (memory: MiB)               zarch              QEMU  zarch/QEMU',
        'kernel                         4.00 (2.00-6.00)  1.00 (0.50-1.50)        0.25',
        'user-space                    8.00 (4.00-12.00)  2.00 (1.00-3.00)        0.25',
        'power-off                    16.00 (8.00-24.00)  4.00 (2.00-6.00)        0.25',
        'memory                                  4 (2-6)           1 (1-2)        0.25',
        'geometric mean                                                           0.25',
        '',
        'debian: seconds                zarch              QEMU  zarch/QEMU',
        'login            24.00 (12.00-36.00)  6.00 (3.00-9.00)        0.25',
        '',
        'kernels: seconds              zarch              QEMU  zarch/QEMU',
        'fib                4.00 (2.00-6.00)  1.00 (0.50-1.50)        0.25',
        'hash              8.00 (4.00-12.00)  2.00 (1.00-3.00)        0.25',
        'geometric mean                                               0.25',
        '',
        'mixes: nanoseconds per guest instruction             zarch               QEMU  zarch/QEMU',
        'clc                                       4000 (2000-6000)  1000 (500.0-1500)        0.25',
      ].join('\n'),
    );
  });

  it('shows no spread of a single run', () => {
    const summary = { median: 0.5, min: 0.5, max: 0.5, lowerQuartile: 0.5, upperQuartile: 0.5 };
    const figure = { emulator: 'zarch', summary, ratio: 1, failure: undefined, samples: [0.5] };
    expect(formatFigure(figure, 'seconds')).toBe('0.50');
  });
});
