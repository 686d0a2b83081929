/** What was measured, by emulator and figure, over all runs. */
import type { Boot } from './boot.ts';
import type { Counters } from './counters.ts';

/** One figure of one emulator. */
export interface Samples {
  /** Seconds; bytes for memory. One for each run that came to its end. */
  readonly values: number[];
  /** All that differ. */
  readonly checksums: Set<string>;
  operations: number | undefined;
  /** Why a run did not come to its end. */
  failure: string | undefined;
}

/** The figures of the group `boot`, in their order. */
export const bootFigures = ['kernel', 'user-space', 'power-off', 'memory'] as const;

/** The figures of the group `debian`. */
export const debianFigures = ['login'] as const;

/** All samples of one emulator. */
export class EmulatorSamples {
  readonly #figures = new Map<string, Samples>();
  /** Of each boot, where the emulator counts. */
  readonly counters: Counters[] = [];

  /** The samples of a figure; none yet if it is new. */
  of(name: string): Samples {
    const found = this.#figures.get(name);
    if (found !== undefined) return found;
    const samples: Samples = {
      values: [],
      checksums: new Set(),
      operations: undefined,
      failure: undefined,
    };
    this.#figures.set(name, samples);
    return samples;
  }

  /** Takes a boot that ran no case. */
  addBoot({ kernel, ready, end, memory, broken, counters }: Boot): void {
    if (counters !== undefined) this.counters.push(counters);
    const values = {
      kernel,
      'user-space': kernel === undefined || ready === undefined ? undefined : ready - kernel,
      'power-off': broken === undefined ? end : undefined,
      memory: broken === undefined ? memory : undefined,
    };
    for (const name of bootFigures) {
      const value = values[name];
      if (value !== undefined) this.of(name).values.push(value);
      else this.of(name).failure = broken?.reason ?? 'not seen';
    }
  }

  /** Takes a boot of a full Debian. */
  addLogin({ login, broken }: Boot): void {
    if (login !== undefined && broken === undefined) this.of('login').values.push(login);
    else this.of('login').failure = broken?.reason ?? 'not seen';
  }

  /** Takes a boot's cases, and for the one that ended it, why. */
  addCases({ ends, broken }: Boot): void {
    for (const end of ends) {
      const samples = this.of(end.name);
      if (end.kind === 'failed') {
        samples.failure = end.reason;
        continue;
      }
      samples.values.push(end.seconds);
      samples.checksums.add(end.checksum);
      samples.operations = end.operations;
    }
    if (broken?.name !== undefined) this.of(broken.name).failure = broken.reason;
  }
}
