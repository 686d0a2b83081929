/**
 * Boots a guest in which programs that check their own results run side by side, for a time.
 *
 *     pnpm stress --minutes 60 [--tier default|interpret|translate] [--cpus 1] [--memory 512]
 *
 * Prints a line each minute. The last line is `N rounds of M workers: K failures`; the exit status is 1 with failures.
 */
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Option, toolCommand, whole } from '@zarch-tools/command';
import { ConsoleReader } from './console-reader.ts';
import { makeGuestFiles } from './guest-programs.ts';
import { root } from './paths.ts';

interface Options {
  readonly minutes: number;
  readonly tier: string;
  readonly cpus: number;
  readonly memory: number;
}

const { minutes, tier, cpus, memory } = toolCommand('stress', 'run programs that check their own results')
  .option('--minutes <n>', 'for how long', whole(1), 10)
  .addOption(
    new Option('--tier <name>', 'how the guest is executed')
      .choices(['default', 'interpret', 'translate'])
      .default('default'),
  )
  .option('--cpus <n>', 'CPUs of the guest', whole(1), 1)
  .option('--memory <MiB>', 'storage of the guest', whole(64), 512)
  .parse()
  .opts<Options>();

/** Kernel modules that the guest loads and unloads: `guest/scripts/modules.sh`. */
const modules = ['test_static_keys', 'test_bpf', 'raid6_pq', 'xor', 'lz4hc', 'libcrc32c'];
/** How much longer than asked a guest may take, for its boot and the last rounds, in minutes. */
const SLACK = 15;
const MINUTE = 60_000;

const { stress, init } = makeGuestFiles();
const turbo = join(root, 'node_modules/.bin/turbo');
execFileSync(turbo, ['run', 'build', '--filter=@zarch/cli...', '--output-logs=errors-only'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
const fetchArgs = [
  join(root, 'apps/zarch/bin/zarch.js'),
  ...['guest', 'fetch', '--json', '--file', `${init}:/init`, '--file', `${stress}:/stress`],
  ...modules.flatMap((name) => ['--module', name]),
];
const { kernel, initrd } = JSON.parse(
  execFileSync(process.execPath, fetchArgs, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
) as { readonly kernel: string; readonly initrd: string };

const started = performance.now();
const elapsed = (): string => ((performance.now() - started) / MINUTE).toFixed(1);
const reader = new ConsoleReader((line) => console.log(`${elapsed()} ${line}`));
const child = spawn(
  process.execPath,
  [
    join(root, 'apps/zarch/bin/zarch-system-s390x.js'),
    ...['-accel', `zarch,tier=${tier},counters=on`, '-M', 's390-ccw-virtio', '-nographic', '-no-reboot'],
    ...['-m', `${memory}`, '-smp', `${cpus}`, '-kernel', kernel, '-initrd', initrd],
    ...['-append', `console=ttysclp0 quiet log_buf_len=8M panic=-1 stress=${minutes}`],
  ],
  { stdio: ['ignore', 'pipe', 'pipe'] },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
process.once('exit', () => child.kill('SIGKILL'));
const overdue = setTimeout(() => child.kill('SIGKILL'), (minutes + SLACK) * MINUTE);
let errors = '';
child.stdout.on('data', (data: Buffer) => reader.push(data.toString('latin1')));
child.stderr.on('data', (data: Buffer) => {
  errors = (errors + data.toString()).slice(-20_000);
});
child.on('close', (status, signal) => {
  clearTimeout(overdue);
  if (errors !== '') console.log(errors.trim());
  const { failures, counts, done, tail } = reader;
  if (!done || status !== 0) {
    failures.push(`the guest ended with ${signal ?? `status ${status}`}`);
    console.log(tail);
  }
  for (const [name, count] of counts) if (count < 1) failures.push(`${name} made no round`);
  for (const failure of failures) console.log(`failure: ${failure}`);
  const rounds = [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `${elapsed()} minutes, ${rounds} rounds of ${counts.size} workers: ${failures.length} failures`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
});
