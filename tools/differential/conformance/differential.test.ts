/** All ways of our CPU against QEMU's user mode, on a small seeded run; `src/main.ts` makes larger ones. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OwnExecutor } from '../src/executor.ts';
import { missingInPeer } from '../src/explained.ts';
import { obtainPeer } from '../src/obtain.ts';
import { Peer } from '../src/peer.ts';
import { type RunReport, run } from '../src/run.ts';

const COUNT = 60_000;

describe('unprivileged general and binary-floating-point instructions', () => {
  let peer: Peer | undefined;
  let report: RunReport | undefined;
  const translated = new OwnExecutor('translate');

  beforeAll(async () => {
    peer = new Peer(obtainPeer());
    const executors = [new OwnExecutor('run'), new OwnExecutor('step'), translated];
    report = await run(peer, executors, { seed: 'conformance', count: COUNT });
  });
  afterAll(() => peer?.[Symbol.dispose]());

  it('have no unexplained difference', () => {
    expect(report?.executed).toBe(COUNT);
    expect([...(report?.unexplained.values() ?? [])].flat().join('\n')).toBe('');
  });

  it('run translated where they are to', () => {
    // Four of five have another addressing mode or fixed-point overflow enabled, and are left to the interpreter.
    expect(translated.translatedRuns).toBeGreaterThan(COUNT * 0.15);
  });

  it('are nearly all executed to their end by both', () => {
    expect(report?.instructions).toBeGreaterThan(600);
    const completed = report?.signals.get('4/1') ?? 0;
    expect(completed).toBeGreaterThan(COUNT * 0.8);
  });

  it('are all known to the peer but those listed', () => {
    const each = Math.floor(COUNT / (report?.instructions ?? 1));
    const refused = [...(report?.refused ?? [])]
      .filter(([, times]) => times >= each)
      .map(([mnemonic]) => mnemonic);
    expect(refused.filter((mnemonic) => !missingInPeer.has(mnemonic))).toEqual([]);
  });
});
