/** `pnpm bench`: boots the same images under zarch and QEMU in turn, and prints medians and ratios. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { type BootTimes, boot } from './boot.ts';

const root = join(import.meta.dirname, '../../..');

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100) throw new InvalidArgumentError('1 to 100 runs');
  return value;
}

const command = new Command('bench')
  .description('boot the same images under zarch and QEMU in turn')
  .option('--runs <n>', 'runs of each', count, 5)
  .option('--kernel <file>', 'default: fetched from the Debian mirror')
  .option('--initrd <file>')
  .option('--qemu <program>', 'the peer', 'qemu-system-s390x')
  .option('--json', 'print the results as JSON')
  .parse();
const options = command.opts<{ runs: number; kernel?: string; initrd?: string; qemu: string; json?: true }>();

function images(): { kernel: string; initrd: string } {
  if (options.kernel && options.initrd) return { kernel: options.kernel, initrd: options.initrd };
  const program = join(root, 'apps/zarch/bin/zarch.js');
  const text = execFileSync(process.execPath, [program, 'guest', 'fetch'], { encoding: 'utf8' });
  const path = (name: string) => new RegExp(`^${name}\\s*[:=]?\\s*(\\S.*)$`, 'm').exec(text)?.[1];
  const [kernel, initrd] = [path('kernel'), path('initrd')];
  if (!kernel || !initrd) throw new Error(`zarch guest fetch printed no paths:\n${text}`);
  return { kernel, initrd };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return (low + high) / 2;
}

const guest = images();
const programs = {
  zarch: [process.execPath, join(root, 'apps/zarch/bin/zarch-system-s390x.js')],
  qemu: [options.qemu, '-accel', 'tcg'],
} as const;
const results: Record<keyof typeof programs, BootTimes[]> = { zarch: [], qemu: [] };
for (let run = 0; run < options.runs; run++) {
  for (const name of ['zarch', 'qemu'] as const) results[name].push(await boot(programs[name], guest));
}

const phases: Readonly<Record<string, (times: BootTimes) => number>> = {
  'start to first kernel line': ({ kernel }) => kernel,
  'from there to user space': ({ kernel, userSpace }) => userSpace - kernel,
  'start to user space': ({ userSpace }) => userSpace,
};
const rows = Object.entries(phases).map(([phase, of]) => {
  const [zarch, qemu] = [results.zarch.map(of), results.qemu.map(of)];
  const spread = (values: readonly number[]) => Math.max(...values) / Math.min(...values);
  return {
    phase,
    zarch: median(zarch),
    qemu: median(qemu),
    ratio: median(zarch) / median(qemu),
    spread: Math.max(spread(zarch), spread(qemu)),
  };
});
if (options.json) console.log(JSON.stringify({ runs: options.runs, rows, results }, undefined, 2));
else {
  console.log(`medians of ${options.runs}, seconds${' '.repeat(10)}zarch    QEMU   ratio  spread`);
  for (const { phase, zarch, qemu, ratio, spread } of rows) {
    const numbers = [zarch, qemu, ratio, spread].map((value) => value.toFixed(2).padStart(7));
    console.log(`${phase.padEnd(28)} ${numbers.join(' ')}`);
  }
}
