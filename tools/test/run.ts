/**
 * The whole test suite: formatting and types, unit tests, conformance against peers, boots of real guests, in
 * Node and in a browser. Prints one closing line `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** A Vitest project: its tests are counted; other steps count as one. */
  readonly project?: string;
}

const root = join(import.meta.dirname, '../..');
const reports = mkdtempSync(join(tmpdir(), 'zarch-test-'));

const vitest = (project: string): Step => ({
  name: `${project} tests`,
  project,
  command: [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${join(reports, `${project}.json`)}`,
  ],
});

const steps: readonly Step[] = [
  { name: 'format and lint', command: ['biome', 'check', '.'] },
  { name: 'build', command: ['turbo', 'run', 'build', '--output-logs=errors-only'] },
  { name: 'types', command: ['turbo', 'run', 'typecheck', '--output-logs=errors-only'] },
  vitest('unit'),
  vitest('translated'),
  { name: 'peers', command: ['node', join(import.meta.dirname, 'peers.ts')] },
  vitest('conformance'),
  vitest('boot'),
  vitest('browser'),
];

function run(command: readonly string[]): Promise<number> {
  const [file = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

let [passed, failed] = [0, 0];
for (const step of steps) {
  console.log(`\n== ${step.name}`);
  const code = await run(step.command);
  const report = step.project === undefined ? undefined : join(reports, `${step.project}.json`);
  if (report && existsSync(report)) {
    const counts = JSON.parse(readFileSync(report, 'utf8')) as {
      readonly numPassedTests: number;
      readonly numFailedTests: number;
      readonly numPendingTests: number;
    };
    passed += counts.numPassedTests;
    // A skipped test proves nothing, and a run that failed without a failed test failed all the same.
    failed += counts.numFailedTests + counts.numPendingTests;
    if (code !== 0 && counts.numFailedTests === 0) failed++;
    if (counts.numPassedTests === 0) failed++;
  } else if (code === 0 && report === undefined) {
    passed++;
  } else {
    failed++;
  }
}
rmSync(reports, { recursive: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
