/** Guests that do everything wrong, on a whole machine: exceptions of the host are findings; a hang ends the process. */
import { Random } from '@zarch/arch/testing';
import { KINDS, runCase, UNDEFINED_CASES } from './cases.ts';
import { Findings } from './findings.ts';
import { FuzzMachine } from './fuzz-machine.ts';

export interface GuestRun {
  readonly seed: string;
  readonly first: number;
  /** Infinite, or how many cases. */
  readonly count: number;
  /** When to end, on the clock of `performance`. */
  readonly deadline: number;
  readonly translate: boolean;
}

export async function fuzzGuests({ seed, first, count, deadline, translate }: GuestRun): Promise<Findings> {
  const machine = new FuzzMachine(seed, translate);
  const findings = new Findings();
  let number = first;
  for (; number < first + count && performance.now() < deadline; number++) {
    try {
      runCase(machine, new Random(`${seed}/${number}`), number);
    } catch (error) {
      findings.add(error, machine.what);
    }
    // The worker's messages are handled between cases.
    if (number % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await machine.stop();
  const { milliseconds, what } = machine.longest;
  console.log([...machine.exits].map(([key, times]) => `${key} ${times}`).join(', '));
  console.log(`longest stay in the guest: ${milliseconds.toFixed(1)} ms (${what})`);
  const swept = (number - first) / KINDS / UNDEFINED_CASES;
  console.log(`every undefined operation code in every mode: ${swept.toFixed(2)} times`);
  console.log(`${number - first} cases, ${machine.runs} runs: ${findings.count} findings`);
  return findings;
}
