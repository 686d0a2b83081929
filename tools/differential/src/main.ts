/**
 * Compares our CPU with `qemu-s390x-static`, instruction by instruction.
 *
 *     pnpm differential --seed 1 --count 1000000 [--only MNEMONIC,...] [--translate]
 */
import { toolCommand, whole } from '@zarch-tools/command';
import { OwnExecutor } from './executor.ts';
import { endings, explanations, missingInPeer } from './explained.ts';
import { obtainPeer } from './obtain.ts';
import { Peer } from './peer.ts';
import { executable, run } from './run.ts';

interface Options {
  readonly seed: string;
  readonly count: number;
  readonly only?: readonly string[];
  readonly summary?: true;
  readonly first: number;
  readonly translate?: true;
}

const command = toolCommand('differential', 'compare our CPU with qemu-s390x-static')
  .option('--seed <text>', 'what the operands come from', '1')
  .option('--count <n>', 'executions in all', whole(1), 1_000_000)
  .option('--only <mnemonics>', 'only these instructions, with commas between them', (text) =>
    text.split(','),
  )
  .option('--first <n>', 'the number of the first case of each instruction', whole(0), 0)
  .option('--summary', 'a line for each instruction and kind of difference')
  .option('--translate', 'translated code as well, which takes longer')
  .parse();
const options = command.opts<Options>();
const { seed, count, only, first } = options;
const defined = new Set(executable().map(({ mnemonic }) => mnemonic));
const unknown = only?.filter((mnemonic) => !defined.has(mnemonic)) ?? [];
if (unknown.length > 0)
  command.error(
    `error: no instruction is named ${unknown.join(', ')}, or none that user programs may execute`,
  );

const started = performance.now();
using peer = new Peer(obtainPeer());
const tiers = options.translate ? (['run', 'step', 'translate'] as const) : (['run', 'step'] as const);
const executors = tiers.map((tier) => new OwnExecutor(tier));
const report = await run(peer, executors, {
  seed,
  count,
  ...(only === undefined ? {} : { only }),
  first,
  progress: (done) => process.stderr.write(`\r${done} `),
});
process.stderr.write('\n');
if (options.summary) summarize();
else for (const [mnemonic, texts] of report.unexplained) console.log(`${mnemonic}\n${texts.join('\n')}`);
for (const [{ reason, section }, times] of report.explained)
  console.log(`explained ${times}: ${reason} (${section})`);
const unused = [
  ...explanations.filter((explanation) => !report.explained.has(explanation)),
  ...endings.filter((ending) => !report.ended.has(ending)),
];
const unmissed = [...missingInPeer].filter((mnemonic) => !report.missing.has(mnemonic));
// Only a full run meets everything that is explained.
const isFull = count >= 1_000_000 && only === undefined;
if (isFull) {
  for (const { reason } of unused) console.log(`never met: ${reason}`);
  if (unmissed.length > 0) console.log(`not missing in the peer, or not defined here: ${unmissed.join(' ')}`);
}
console.log(`signals: ${[...report.signals].map(([key, times]) => `${key} ${times}`).join(', ')}`);
console.log(
  `refused by the peer: ${[...report.refused].map(([key, times]) => `${key} ${times}`).join(', ')}`,
);
for (const [{ reason }, times] of report.ended) console.log(`ended the peer ${times}: ${reason}`);
console.log(`missing in the peer: ${[...report.missing].join(' ')}`);
console.log(
  `${report.executed} executions of ${report.instructions} instructions in ${((performance.now() - started) / 1000).toFixed(1)} s: ${report.unexplainedCount} unexplained differences in ${[...report.unexplained.keys()].join(' ') || 'none'}`,
);
process.exitCode = report.unexplainedCount > 0 || (isFull && unused.length > 0) ? 1 : 0;

/** One line for each instruction and kind of difference. */
function summarize(): void {
  for (const [mnemonic, texts] of report.unexplained) {
    const kinds = Map.groupBy(texts, (text) =>
      text
        .split('\n')
        .slice(1, -1)
        .map((line) => line.split(':')[0]?.trim().replace(/\d+$/, ''))
        .join(','),
    );
    for (const [kind, group] of kinds) console.log(`${mnemonic} ${group.length}: ${kind}`);
  }
}
