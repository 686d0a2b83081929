/** Rows of the result: for each figure a summary of each emulator, and how they compare. */
import { type Case, type Group, groups, type Selection, type Unit, unitOf } from './case.ts';
import { bootFigures, debianFigures, type EmulatorSamples } from './samples.ts';
import { geometricMean, type Summary, summarize } from './statistics.ts';

/** What one emulator did for one figure. */
export interface Figure {
  readonly emulator: string;
  /** In the row's unit; undefined if no run came to its end. */
  readonly summary: Summary | undefined;
  /**
   * The reference emulator's median divided by this one's: how fast this one is, if the reference is 1. For memory, how
   * many times less it takes.
   */
  readonly ratio: number | undefined;
  readonly failure: string | undefined;
  readonly samples: readonly number[];
}

export interface Row {
  readonly group: Group;
  readonly name: string;
  readonly unit: Unit;
  readonly figures: readonly Figure[];
  /** Undefined where there is nothing to compare. */
  readonly checksum: string | undefined;
  /** Not all emulators, or not all runs, had the same checksum. */
  readonly differs: boolean;
}

/** The geometric mean of a group's ratios, memory left out, for one emulator. */
export interface GroupMean {
  readonly group: Group;
  readonly emulator: string;
  readonly ratio: number | undefined;
  /** Of how many figures. */
  readonly count: number;
}

export interface Report {
  /** The emulator whose speed is 1. */
  readonly reference: string;
  readonly emulators: readonly string[];
  readonly rows: readonly Row[];
  readonly means: readonly GroupMean[];
}

/** Compares all emulators with `reference`, which may be absent. */
export function makeReport(
  selection: Pick<Selection, 'boot' | 'debian' | 'cases'>,
  samples: ReadonlyMap<string, EmulatorSamples>,
  reference: string,
): Report {
  const names = [
    ...(selection.boot ? bootFigures.map((name) => ({ group: 'boot' as const, name })) : []),
    ...(selection.debian ? debianFigures.map((name) => ({ group: 'debian' as const, name })) : []),
    ...selection.cases,
  ];
  const rows = names.map((each) => makeRow(each, samples, reference));
  const emulators = [...samples.keys()];
  const means = groups
    .filter((group) => rows.some((row) => row.group === group))
    .flatMap((group) => emulators.map((emulator) => meanOf(rows, group, emulator)));
  return { reference, emulators, rows, means };
}

function makeRow(
  { group, name }: Pick<Case, 'group' | 'name'>,
  all: ReadonlyMap<string, EmulatorSamples>,
  reference: string,
): Row {
  const unit = name === 'memory' && group === 'boot' ? 'MiB' : unitOf(group);
  const summaries = new Map(
    [...all].map(([emulator, samples]) => {
      const { values, operations } = samples.of(name);
      const scaled = values.map((value) => inUnit(value, unit, operations));
      return [emulator, { scaled, summary: summarize(scaled) }];
    }),
  );
  const base = summaries.get(reference)?.summary?.median;
  const figures = [...summaries].map(([emulator, { scaled, summary }]) => ({
    emulator,
    summary,
    ratio: base === undefined || summary === undefined ? undefined : base / summary.median,
    failure: all.get(emulator)?.of(name).failure,
    samples: scaled,
  }));
  const checksums = new Set([...all.values()].flatMap((samples) => [...samples.of(name).checksums]));
  return { group, name, unit, figures, checksum: [...checksums][0], differs: checksums.size > 1 };
}

function inUnit(value: number, unit: Unit, operations: number | undefined): number {
  switch (unit) {
    case 'seconds':
      return value;
    case 'MiB':
      return value / 2 ** 20;
    case 'nanoseconds per operation':
      return (value * 1e9) / (operations ?? 1);
  }
}

function meanOf(rows: readonly Row[], group: Group, emulator: string): GroupMean {
  const ratios = rows
    .filter((row) => row.group === group && row.unit !== 'MiB')
    .flatMap((row) => row.figures.filter((figure) => figure.emulator === emulator))
    .flatMap(({ ratio }) => (ratio === undefined ? [] : [ratio]));
  return { group, emulator, ratio: geometricMean(ratios), count: ratios.length };
}
