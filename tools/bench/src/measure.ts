/** The runs: each emulator in turn boots the same images, once for the boot itself and once for all cases. */
import type { Boot } from './boot.ts';
import { type Case, needsDevices, type Selection } from './case.ts';
import type { CommandLine, Emulator, Images, Setup } from './emulator.ts';
import { EmulatorSamples } from './samples.ts';

export interface MeasureOptions {
  readonly emulators: readonly Emulator[];
  readonly images: Images;
  /** What cases that need devices run with. */
  readonly devices?: MachineWithDevices | undefined;
  /** What the boot of a full Debian runs with. */
  readonly debian?: MachineWithDevices | undefined;
  readonly selection: Pick<Selection, 'boot' | 'debian' | 'cases'>;
  readonly runs: number;
  /** Seconds that a case, or a boot, may take. */
  readonly limit: number;
  readonly boot: (command: CommandLine, limit: number) => Promise<Boot>;
  /** Told what is being done. */
  readonly progress: (line: string) => void;
}

/** Images, and the options for them. */
export type MachineWithDevices = Omit<Setup, 'endsAt'>;

/** The samples of each emulator, by its name. */
export async function measure(options: MeasureOptions): Promise<ReadonlyMap<string, EmulatorSamples>> {
  const { emulators, selection, runs, progress } = options;
  const all = new Map(emulators.map(({ name }) => [name, new EmulatorSamples()]));
  for (let run = 0; run < runs; run++) {
    // The other way round every second time, so that a trend of the machine favours nobody.
    for (const emulator of run % 2 === 0 ? emulators : emulators.toReversed()) {
      const samples = all.get(emulator.name) ?? new EmulatorSamples();
      const say = (what: string) => progress(`run ${run + 1} of ${runs}: ${emulator.name}: ${what}`);
      if (selection.boot) {
        say('boot');
        samples.addBoot(await bootOnce(emulator, [], options));
      }
      if (selection.debian) {
        say('debian');
        await bootDebian(emulator, samples, options);
      }
      for (const withDevices of [false, true]) {
        const cases = selection.cases.filter((each) => needsDevices(each) === withDevices);
        if (cases.length === 0) continue;
        say(`${cases.length} cases${withDevices ? ' with devices' : ''}`);
        await runCases(emulator, samples, cases, options);
      }
    }
  }
  return all;
}

const NO_DEVICES = 'it has no such devices';

async function bootDebian(
  emulator: Emulator,
  samples: EmulatorSamples,
  { debian, boot, limit }: MeasureOptions,
): Promise<void> {
  if (debian === undefined || !emulator.hasDevices) samples.of('login').failure = NO_DEVICES;
  else samples.addLogin(await boot(emulator.command({ ...debian, endsAt: /\blogin: $/ }), limit));
}

async function runCases(
  emulator: Emulator,
  samples: EmulatorSamples,
  cases: readonly Case[],
  options: MeasureOptions,
): Promise<void> {
  if (cases.some(needsDevices) && !emulator.hasDevices) {
    for (const { name } of cases) samples.of(name).failure = NO_DEVICES;
    return;
  }
  // What failed once would only cost its limit again.
  let left = cases.filter(({ name }) => samples.of(name).failure === undefined);
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
  { boot, images, devices, limit }: MeasureOptions,
): Promise<Boot> {
  const machine =
    cases.some(needsDevices) && devices !== undefined ? devices : { images, kernelOptions: [], devices: [] };
  const names = cases.map(({ name }) => name).join(',');
  const kernelOptions = cases.length === 0 ? [] : ['quiet', `bench=${names}`, ...machine.kernelOptions];
  return boot(emulator.command({ ...machine, kernelOptions }), limit);
}
