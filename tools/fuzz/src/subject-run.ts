/** Runs a subject's cases, one after another. */
import { Findings } from './findings.ts';
import { HangWatch } from './hang-watch.ts';
import type { Subject } from './subjects.ts';

export interface SubjectRun {
  readonly name: string;
  readonly seed: string;
  /** In the subject's unit. */
  readonly first: number;
  readonly count: number;
  /** When to end, on the clock of `performance`. */
  readonly deadline: number;
}

export async function fuzzSubject(subject: Subject, run: SubjectRun): Promise<Findings> {
  const { name, seed, first, count, deadline } = run;
  const { unit, size } = subject;
  const findings = new Findings();
  const tallies = new Map<string, number>();
  const watch = new HangWatch(`${name} --seed ${seed}`, size);
  const begin = Math.floor(first / size);
  const end = Math.ceil((first + count) / size);
  let longest = { milliseconds: 0, number: begin };
  let number = begin;
  for (; number < end && performance.now() < deadline; number++) {
    watch.begin(number);
    const started = performance.now();
    try {
      const found = await subject.run(seed, number, size);
      for (const [key, times] of Object.entries(found)) tallies.set(key, (tallies.get(key) ?? 0) + times);
    } catch (error) {
      findings.add(error, `--first ${number * size} --count ${size}`);
    }
    const milliseconds = performance.now() - started;
    if (milliseconds > longest.milliseconds) longest = { milliseconds, number };
  }
  await watch.stop();
  console.log([...tallies].map(([key, times]) => `${key}: ${times}`).join(', '));
  console.log(
    `longest case: ${longest.milliseconds.toFixed(1)} ms (--first ${longest.number * size} --count ${size})`,
  );
  console.log(`${(number - begin) * size} ${unit}: ${findings.count} findings`);
  return findings;
}
