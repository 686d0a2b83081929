/** The result as text: a table for each group. */
import type { Group, Unit } from './case.ts';
import type { Figure, Report, Row } from './report.ts';

const headings: Readonly<Record<Group, string>> = {
  boot: 'boot: seconds (memory: MiB)',
  debian: 'debian: seconds',
  kernels: 'kernels: seconds',
  busybox: 'busybox: seconds',
  system: 'system: nanoseconds per operation',
  mixes: 'mixes: nanoseconds per guest instruction',
  browser: 'browser: seconds',
  disk: 'disk: seconds',
  network: 'network: seconds',
};

/** Tables of medians with the least and the largest value, and of speeds, the reference's being 1. */
export function formatReport(report: Report): string {
  const groups = [...new Set(report.rows.map(({ group }) => group))];
  return groups.map((group) => formatGroup(group, report)).join('\n\n');
}

function formatGroup(group: Group, { rows, means, emulators, reference }: Report): string {
  const compared = emulators.filter((emulator) => emulator !== reference);
  const isCompared = emulators.includes(reference);
  const ratios = isCompared ? compared : [];
  const head = [headings[group], ...emulators, ...ratios.map((emulator) => `${emulator}/${reference}`)];
  const mine = rows.filter((row) => row.group === group);
  const body = mine.map((row) => [
    row.name,
    ...row.figures.map((figure) => formatFigure(figure, row.unit)),
    ...ratios.map((emulator) => ratioOf(row, emulator)),
  ]);
  const mean = means.filter((each) => each.group === group && ratios.includes(each.emulator));
  const foot = mean.some(({ count }) => count > 1)
    ? [['geometric mean', ...emulators.map(() => ''), ...mean.map(({ ratio }) => ratio?.toFixed(2) ?? '-')]]
    : [];
  return [...align([head, ...body, ...foot]), ...mine.flatMap(notes)].join('\n');
}

/** A median and, of more than one run, its spread. */
export function formatFigure({ summary, samples }: Figure, unit: Unit): string {
  if (summary === undefined) return '-';
  const median = number(summary.median, unit);
  return samples.length < 2
    ? median
    : `${median} (${number(summary.min, unit)}-${number(summary.max, unit)})`;
}

function number(value: number, unit: Unit): string {
  if (unit === 'MiB' || value >= 1000) return value.toFixed(0);
  return value >= 100 ? value.toFixed(1) : value.toFixed(2);
}

function ratioOf(row: Row, emulator: string): string {
  const ratio = row.figures.find((figure) => figure.emulator === emulator)?.ratio;
  return ratio === undefined ? '-' : `${ratio.toFixed(2)}${row.differs ? ' !' : ''}`;
}

/** What a row cannot show in figures. */
function notes({ name, figures, differs }: Row): string[] {
  const failures = figures
    .filter(({ failure }) => failure !== undefined)
    .map(({ emulator, failure = '' }) => `  ${name}: ${emulator}: ${failure.replaceAll(/\s+/g, ' ')}`);
  return differs ? [...failures, `  ${name}: the checksums DIFFER`] : failures;
}

function align(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  return lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
