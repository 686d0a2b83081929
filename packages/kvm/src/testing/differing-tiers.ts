/** Programs at random in all tiers at once: whatever can be observed of them must be the same. */
import { Random } from '@zarch/arch/testing';
import { randomProgram } from './random-program.ts';
import {
  codeAlias,
  dataAddresses,
  MOST_PROGRAMS,
  type Outcome,
  TierMachine,
  type Translating,
  variantInstruction,
} from './tier-machine.ts';

export interface TierRun {
  readonly seed: string;
  /** The first program's number, and how many. */
  readonly first: number;
  readonly programs: number;
  /** States from which each is run. */
  readonly states: number;
}

export interface TierStatistics {
  runs: number;
  interruptions: number;
  /** Runs of programs that destroyed themselves and were given up. */
  endless: number;
}

const translating: Readonly<Record<string, Translating>> = {
  'at first sight': { threshold: 1, slice: 4096 },
  'after four visits': { threshold: 4, slice: 4096 },
  'in short runs': { threshold: 2, slice: 5 },
  'in small regions and large loops': { threshold: 3, slice: 64, limits: { region: 8, loop: 300 } },
};

export class TierComparison {
  #interpreted = new TierMachine();
  #translated = translatingMachines();
  #programs = 0;
  readonly statistics: TierStatistics = { runs: 0, interruptions: 0, endless: 0 };

  /** Regions made by the present machines, for each of their programs. */
  get regions(): number {
    const regions = this.#translated.map(([, { counters }]) => counters?.regions ?? 0);
    return regions.reduce((sum, count) => sum + count, 0) / this.#programs;
  }

  /** @throws Error with seed, number and source of the first program whose runs differ. */
  run({ seed, first, programs, states }: TierRun): TierStatistics {
    for (let number = first; number < first + programs; number++) {
      const name = `${seed}/${number}`;
      const source = randomProgram(new Random(name), {
        addresses: dataAddresses,
        codeAlias,
        variant: variantInstruction,
      });
      const difference = this.compare(source, name, states);
      if (difference !== undefined) throw new Error(`program ${name}: ${difference}\n${source}`);
    }
    return this.statistics;
  }

  /** @returns What differs, if anything does. */
  compare(source: string, seed: string, states: number): string | undefined {
    if (this.#programs === MOST_PROGRAMS) {
      this.#interpreted = new TierMachine();
      this.#translated = translatingMachines();
      this.#programs = 0;
    }
    this.#programs++;
    for (const machine of [this.#interpreted, ...this.#translated.map(([, each]) => each)])
      machine.load(source);
    for (let state = 0; state < states; state++) {
      const wanted = this.#interpreted.run(`${seed}/${state}`);
      this.statistics.interruptions += wanted.interruptions;
      if (!wanted.ended) {
        this.statistics.endless++;
        continue;
      }
      for (const [name, machine] of this.#translated) {
        this.statistics.runs++;
        const found = difference(wanted, machine.run(`${seed}/${state}`));
        if (found !== undefined) return `state ${state}, translated ${name}: ${found}`;
      }
    }
    return undefined;
  }
}

function translatingMachines() {
  return Object.entries(translating).map(([name, each]) => [name, new TierMachine(each)] as const);
}

function difference(wanted: Outcome, got: Outcome): string | undefined {
  const names = Object.keys(wanted.registers).filter(
    (name) => wanted.registers[name] !== got.registers[name],
  );
  const texts = names.map((name) => `${name} is ${got.registers[name]}, not ${wanted.registers[name]}`);
  for (const [i, { address, words }] of wanted.storage.entries()) {
    const others = got.storage[i]?.words ?? words;
    let word = 0;
    while (word < words.length && words[word] === others[word]) word++;
    if (word === words.length) continue;
    const at = address + 4 * (words.length - 1 - word);
    const [is, was] = [others, words].map((each) => each[word]?.toString(16).padStart(8, '0'));
    texts.push(`storage at ${at.toString(16)} is ${is}, not ${was}`);
  }
  return texts.length > 0 ? texts.join('; ') : undefined;
}
