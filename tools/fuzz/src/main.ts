/**
 * Runs guests and drivers that do everything wrong, and looks for exceptions and hangs in the host.
 *
 *     pnpm fuzz --seed 1 --seconds 600 [--translate]
 *     pnpm fuzz --seed 1 --first 1234 --count 1
 *     pnpm fuzz programs|css|virtio|virtio-ccw|9p|usernet --seed 1 --count 100000
 *
 * The last line ends in `K findings`; the exit status is 1 with findings; a hang ends the process by a signal.
 */
import { toolCommand, whole } from '@zarch-tools/command';
import { fuzzGuests } from './guests.ts';
import { fuzzSubject } from './subject-run.ts';
import { subjects } from './subjects.ts';

interface Options {
  readonly seed: string;
  readonly seconds?: number;
  readonly first: number;
  readonly count?: number;
  readonly translate?: true;
}

const command = toolCommand('fuzz', 'run guests and drivers that do everything wrong')
  .argument('[subject]', `one of ${Object.keys(subjects).join(', ')}; default: guests`)
  .option('--seed <text>', 'what the cases come from', '1')
  .option('--seconds <n>', 'when to end; default: 60, or never where a count is given', whole(1))
  .option('--first <n>', 'the number of the first case', whole(0), 0)
  .option('--count <n>', 'how many cases', whole(1))
  .option('--translate', 'guests run as translated code')
  .parse();
const options = command.opts<Options>();
const { seed, first, translate = false } = options;
const count = options.count ?? Number.POSITIVE_INFINITY;
const seconds = options.seconds ?? (options.count === undefined ? 60 : Number.POSITIVE_INFINITY);
const deadline = performance.now() + 1000 * seconds;
const [name] = command.args;
const subject = name === undefined ? undefined : subjects[name];
if (name !== undefined && !subject)
  command.error(`error: nothing is named ${name}: there are ${Object.keys(subjects).join(', ')}`);

const findings = subject
  ? await fuzzSubject(subject, { name: name ?? '', seed, first, count, deadline })
  : await fuzzGuests({ seed, first, count, deadline, translate });
findings.print(`${name ?? ''} --seed ${seed}`.trim());
process.exitCode = findings.count === 0 ? 0 : 1;
