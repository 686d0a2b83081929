/**
 * `node tools/stress/src/checksums.ts`: writes the known checksums of the kernels anew, as `qemu-s390x` computes them,
 * which shares no code with zarch. Each line of `guest/checksums` is `name rounds checksum`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kernelNames, makeGuestFiles } from './guest-programs.ts';
import { guestDirectory } from './paths.ts';

/** How long a kernel may run under QEMU, as long as that is, in milliseconds. */
const LONGEST = 150;
const PEERS = ['qemu-s390x', 'qemu-s390x-static'];

const file = join(guestDirectory, 'checksums');
if (!existsSync(file)) writeFileSync(file, '');
const cases = join(makeGuestFiles().stress, 'cases');
const peer = PEERS.find((name) => spawnSync(name, ['-version']).error === undefined);
if (peer === undefined) throw new Error('no qemu-s390x: apt-get install qemu-user-static');

const lines = kernelNames.map((name) => {
  let rounds = 1;
  let best = run(name, rounds);
  for (let next = best; rounds < 2 ** 30 && next.milliseconds < LONGEST; next = run(name, rounds * 2)) {
    if (next !== best) rounds *= 2;
    best = next;
  }
  return `${name} ${rounds} ${best.checksum}\n`;
});
writeFileSync(file, lines.join(''));

function run(name: string, rounds: number): { readonly checksum: string; readonly milliseconds: number } {
  const started = performance.now();
  const { status, stdout } = spawnSync(peer ?? '', [cases, name, String(rounds)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ends with ${status}`);
  return { checksum: stdout.split(' ')[0] ?? '', milliseconds: performance.now() - started };
}
