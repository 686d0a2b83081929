/**
 * Compares our CPU with `qemu-s390x-static`, instruction by instruction.
 *
 *     node --conditions=zarch-source tools/differential/src/main.ts --seed 1 --count 1000000 [--only MNEMONIC,...]
 */
import { parseArgs } from 'node:util';
import { OwnExecutor } from './executor.ts';
import { endings, explanations, missingInPeer } from './explained.ts';
import { obtainPeer } from './obtain.ts';
import { Peer } from './peer.ts';
import { run } from './run.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000000' },
    only: { type: 'string' },
    summary: { type: 'boolean', default: false },
    first: { type: 'string', default: '0' },
  },
});

const started = performance.now();
using peer = new Peer(obtainPeer());
const executors = [new OwnExecutor('run'), new OwnExecutor('step')];
const count = Number(values.count);
const report = await run(peer, executors, {
  seed: values.seed,
  count,
  ...(values.only === undefined ? {} : { only: values.only.split(',') }),
  first: Number(values.first),
  progress: (done) => process.stderr.write(`\r${done} `),
});
process.stderr.write('\n');
if (values.summary) summarize();
else for (const [mnemonic, texts] of report.unexplained) console.log(`${mnemonic}\n${texts.join('\n')}`);
for (const [{ reason, section }, times] of report.explained)
  console.log(`explained ${times}: ${reason} (${section})`);
const unused = [
  ...explanations.filter((explanation) => !report.explained.has(explanation)),
  ...endings.filter((ending) => !report.ended.has(ending)),
];
const unmissed = [...missingInPeer].filter((mnemonic) => !report.missing.has(mnemonic));
// Only a full run meets everything that is explained.
const isFull = count >= 1_000_000 && values.only === undefined;
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
