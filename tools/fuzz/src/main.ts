/**
 * Runs guests and drivers that do everything wrong, and looks for exceptions and hangs in the host.
 *
 *     pnpm fuzz --seed 1 --seconds 600 [--translate]
 *     pnpm fuzz --seed 1 --first 1234 --count 1
 *     pnpm fuzz programs|css|virtio|virtio-ccw|9p|usernet --seed 1 --count 100000
 *
 * The last line ends in `K findings`; the exit status is 1 with findings; a hang ends the process by a signal.
 */
import { parseArgs } from 'node:util';
import { fuzzGuests } from './guests.ts';
import { fuzzSubject } from './subject-run.ts';
import { subjects } from './subjects.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string' },
    first: { type: 'string', default: '0' },
    count: { type: 'string' },
    translate: { type: 'boolean', default: false },
  },
});
const { seed, translate } = values;
const first = Number(values.first);
const count = values.count === undefined ? Number.POSITIVE_INFINITY : Number(values.count);
const seconds = values.seconds ?? (values.count === undefined ? '60' : 'Infinity');
const deadline = performance.now() + 1000 * Number(seconds);
const [name] = positionals;
const subject = name === undefined ? undefined : subjects[name];
if (name !== undefined && !subject)
  throw new RangeError(`nothing is named ${name}: there are ${Object.keys(subjects).join(', ')}`);

const findings = subject
  ? await fuzzSubject(subject, { name: name ?? '', seed, first, count, deadline })
  : await fuzzGuests({ seed, first, count, deadline, translate });
findings.print(`${name ?? ''} --seed ${seed}`.trim());
process.exitCode = findings.count === 0 ? 0 : 1;
