/** The runs: each emulator in turn boots the same images, once for the boot itself and once for all cases. */
import type { Boot } from './boot.ts';
import type { Case, Selection } from './case.ts';
import type { CommandLine, Emulator, Images } from './emulator.ts';
import { EmulatorSamples } from './samples.ts';

export interface MeasureOptions {
  readonly emulators: readonly Emulator[];
  readonly images: Images;
  readonly selection: Pick<Selection, 'boot' | 'cases'>;
  readonly runs: number;
  /** Seconds that a case, or a boot, may take. */
  readonly limit: number;
  readonly boot: (command: CommandLine, limit: number) => Promise<Boot>;
  /** Told what is being done. */
  readonly progress: (line: string) => void;
}

/** The samples of each emulator, by its name. */
export async function measure(options: MeasureOptions): Promise<ReadonlyMap<string, EmulatorSamples>> {
  const { emulators, selection, runs, progress } = options;
  const all = new Map(emulators.map(({ name }) => [name, new EmulatorSamples()]));
  for (let run = 0; run < runs; run++) {
    // The other way round every second time, so that a trend of the machine favours nobody.
    for (const emulator of run % 2 === 0 ? emulators : emulators.toReversed()) {
      const samples = all.get(emulator.name) ?? new EmulatorSamples();
      if (selection.boot) {
        progress(`run ${run + 1} of ${runs}: ${emulator.name}: boot`);
        samples.addBoot(await bootOnce(emulator, [], options));
      }
      if (selection.cases.length === 0) continue;
      progress(`run ${run + 1} of ${runs}: ${emulator.name}: ${selection.cases.length} cases`);
      await runCases(emulator, samples, options);
    }
  }
  return all;
}

async function runCases(
  emulator: Emulator,
  samples: EmulatorSamples,
  options: MeasureOptions,
): Promise<void> {
  // What failed once would only cost its limit again.
  let left = options.selection.cases.filter(({ name }) => samples.of(name).failure === undefined);
  while (left.length > 0) {
    const result = await bootOnce(emulator, left, options);
    samples.addCases(result);
    const done = new Set(result.ends.map(({ name }) => name));
    const { broken } = result;
    if (broken?.name === undefined) {
      const reason = broken?.reason ?? 'the guest did not run it';
      for (const { name } of left) if (!done.has(name)) samples.of(name).failure = reason;
      return;
    }
    options.progress(`${emulator.name}: ${broken.name}: ${broken.reason}`);
    left = left.filter(({ name }) => !done.has(name) && name !== broken.name);
  }
}

function bootOnce(
  emulator: Emulator,
  cases: readonly Case[],
  { boot, images, limit }: MeasureOptions,
): Promise<Boot> {
  const names = cases.map(({ name }) => name).join(',');
  return boot(emulator.command(images, cases.length === 0 ? [] : ['quiet', `bench=${names}`]), limit);
}
