/** `pnpm bench`: runs the same guest under zarch and its peers in turn, and prints medians and ratios. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { toolCommand, whole } from '@zarch-tools/command';
import { boot } from './boot.ts';
import { measureBrowser, ours } from './browser.ts';
import { findCases, groups, needsDevices, type Selection, select } from './case.ts';
import { drawChart } from './chart.ts';
import { type Emulator, type Images, qemu, zarch } from './emulator.ts';
import { type GuestFiles, makeGuestFiles } from './guest-programs.ts';
import { hercules } from './hercules.ts';
import { startHostServices } from './host-services.ts';
import { buildZarch, makeDebian, makeDevices, makeImages } from './images.ts';
import { measure } from './measure.ts';
import { makeReport, type Report } from './report.ts';
import { formatReport } from './table.ts';

interface Options {
  readonly runs: number;
  readonly limit: number;
  readonly peer: string;
  readonly only: readonly string[];
  readonly emulator: readonly string[];
  readonly json?: string;
  readonly svg?: string;
  readonly list?: true;
}

const names = (text: string, all: readonly string[]): readonly string[] => [...all, ...text.split(',')];

const command = toolCommand('bench', 'run the same guest under zarch and its peers in turn')
  .argument('[groups...]', `of ${groups.join(', ')}; default: all`)
  .option('--runs <n>', 'runs of each emulator', whole(1, 100), 5)
  .option('--only <name>', 'run only this case (may be repeated)', names, [])
  .option('--emulator <name>', 'run only this one: zarch, QEMU, Hercules (may be repeated)', names, [])
  .option('--peer <program>', 'the QEMU to compare with', 'qemu-system-s390x')
  .option('--limit <seconds>', 'how long a case may take', whole(1, 86_400), 300)
  .option('--json <file>', 'write all samples to a file')
  .option('--svg <file>', 'draw the speeds')
  .option('--list', 'print the cases and end')
  .parse();
const options = command.opts<Options>();
// Ends the emulator that runs, too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
const cases = findCases();

if (options.list) {
  for (const { group, name, description } of cases)
    console.log(`${group.padEnd(8)} ${name.padEnd(14)} ${description}`);
} else {
  await run(selection());
}

function selection(): Selection {
  try {
    return select(cases, command.args, options.only);
  } catch (error) {
    if (error instanceof RangeError) command.error(`error: ${error.message}`);
    throw error;
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function run(selected: Selection): Promise<void> {
  const files = makeGuestFiles(cases);
  buildZarch();
  const images = makeImages(files);
  const inGuest =
    selected.boot || selected.debian || selected.cases.length > 0
      ? await runEmulators(selected, images, files)
      : undefined;
  const inPage = selected.browser ? await runBrowser(images) : undefined;
  const { runs } = options;
  if (options.json !== undefined) {
    const host = { cpu: cpus()[0]?.model, node: process.version };
    const result = { runs, host, kernel: images.kernel, ...inGuest, browser: inPage };
    writeFileSync(options.json, `${JSON.stringify(result, undefined, 2)}\n`);
  }
  // What a peer cannot do is shown, and is no failure.
  const rows = [...(inGuest?.rows ?? []), ...(inPage?.rows ?? [])];
  const failed = rows.some(({ differs, figures }) =>
    figures.some(({ emulator, failure }) => differs || (ours.includes(emulator) && failure !== undefined)),
  );
  if (failed) process.exitCode = 1;
}

async function runEmulators(selected: Selection, images: Images, files: GuestFiles) {
  const peer = qemu(options.peer);
  if (peer === undefined)
    console.log(`QEMU: not present (${options.peer}; apt-get install qemu-system-misc)`);
  const third = hercules();
  if (third === undefined) console.log('Hercules: not present');
  const present: Emulator[] = [zarch(), peer, third].filter((each) => each !== undefined);
  const wanted = options.emulator.map((name) => name.toLowerCase());
  const emulators = present.filter(({ name }) => wanted.length === 0 || wanted.includes(name.toLowerCase()));
  if (emulators.length === 0) command.error(`error: none of ${options.emulator.join(', ')} is present`);
  for (const { name, version } of emulators) console.log(`${name}: ${version}`);
  const { runs, limit } = options;
  const services = selected.cases.some(needsDevices) ? await startHostServices() : undefined;
  const devices = services && makeDevices(files, services);
  const debian = selected.debian ? makeDebian() : undefined;
  const machines = { images, devices, debian };
  const samples = await measure({
    ...{ boot, emulators, ...machines, selection: selected, runs, limit, progress: say },
  });
  services?.close();
  const report = makeReport(selected, samples, 'QEMU');
  print(report);
  if (options.svg !== undefined) {
    const chart = drawChart(report);
    if (chart === undefined)
      console.log(`${options.svg}: nothing to compare with ${report.reference}, not written`);
    else writeFileSync(options.svg, chart);
  }
  const versions = emulators.map(({ name, version }) => ({ name, version }));
  const counters = Object.fromEntries([...samples].map(([name, of]) => [name, of.counters]));
  return { versions, ...report, counters };
}

async function runBrowser(images: Images): Promise<Report | undefined> {
  const { runs, limit } = options;
  const report = await measureBrowser({ images, runs, limit, progress: say });
  if (report === undefined) console.log('Chromium: not present (apt-get install chromium)');
  else print(report);
  return report;
}

function print(report: Report): void {
  console.log(`\nmedians of ${options.runs} (least-largest)\n\n${formatReport(report)}`);
}
