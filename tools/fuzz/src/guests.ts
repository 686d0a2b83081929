/**
 * Runs guests that do everything wrong, and looks for exceptions and hangs in the host.
 *
 *     node --conditions=zarch-source tools/fuzz/src/main.ts --seed 1 --seconds 600 [--translate]
 *     node --conditions=zarch-source tools/fuzz/src/main.ts --seed 1 --first 1234 --count 1
 *
 * The last line is `N cases, M runs: K findings`; the exit status is 1 with findings; a hang ends the process by a signal.
 */
import { parseArgs } from 'node:util';
import { Random } from '@zarch/arch/testing';
import { KINDS, runCase, UNDEFINED_CASES } from './cases.ts';
import { FuzzMachine } from './fuzz-machine.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    first: { type: 'string', default: '0' },
    count: { type: 'string' },
    translate: { type: 'boolean', default: false },
  },
});

const first = Number(values.first);
const end = values.count === undefined ? Number.POSITIVE_INFINITY : first + Number(values.count);
const deadline = performance.now() + 1000 * Number(values.seconds);
const machine = new FuzzMachine(values.seed, values.translate);
const findings = new Map<string, { readonly text: string; times: number }>();

let number = first;
for (; number < end && performance.now() < deadline; number++) {
  try {
    runCase(machine, new Random(`${values.seed}/${number}`), number);
  } catch (error) {
    report(error);
  }
  // The worker's messages are handled between cases.
  if (number % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
}
await machine.stop();

/** One line for each place that throws. */
function report(error: unknown): void {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const place = stack.split('\n').slice(1, 3).join('\n');
  const known = findings.get(place);
  if (known) known.times++;
  else findings.set(place, { times: 1, text: `${machine.what}: ${message}\n${stack}` });
}

for (const { text, times } of findings.values())
  console.log(`${times} times, --seed ${values.seed}, ${text}\n`);
const { milliseconds, what } = machine.longest;
console.log([...machine.exits].map(([key, count]) => `${key} ${count}`).join(', '));
console.log(`longest stay in the guest: ${milliseconds.toFixed(1)} ms (${what})`);
const swept = (number - first) / KINDS / UNDEFINED_CASES;
console.log(`every undefined operation code in every mode: ${swept.toFixed(2)} times`);
console.log(`${number - first} cases, ${machine.runs} runs: ${findings.size} findings`);
process.exitCode = findings.size === 0 ? 0 : 1;
