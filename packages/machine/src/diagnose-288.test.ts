import { ProgramInterruption } from '@zarch/arch';
import type { VcpuState } from '@zarch/kvm';
import { describe, expect, test } from 'vitest';
import { Watchdog } from './diagnose-288.ts';

/** A watchdog on a clock of the test's, called with values for registers 2, 3 and 4. */
function bench() {
  let now = 0;
  let timer: { readonly at: number; readonly expired: () => void } | undefined;
  const expirations: number[] = [];
  const watchdog = new Watchdog({
    schedule: (milliseconds, expired) => {
      const mine = { at: now + milliseconds, expired };
      timer = mine;
      return () => {
        if (timer === mine) timer = undefined;
      };
    },
    onExpired: () => expirations.push(now),
  });
  const diagnose = (code: bigint, seconds = 0n, action = 0n, r1 = 2): boolean => {
    const registers = new Map([
      [r1, code],
      [r1 + 1, seconds],
      [4, action],
    ]);
    let interruption: number | undefined;
    const state = {
      gr: (number: number) => registers.get(number) ?? 0n,
      injectProgram: (code: number) => {
        interruption = code;
      },
    };
    watchdog.diagnose(state as unknown as VcpuState, r1, 4);
    expect([undefined, ProgramInterruption.specification]).toContain(interruption);
    return interruption === undefined;
  };
  const advance = (seconds: number) => {
    const end = now + 1000 * seconds;
    while (timer && timer.at <= end) {
      now = timer.at;
      const { expired } = timer;
      timer = undefined;
      expired();
    }
    now = end;
  };
  return { watchdog, diagnose, advance, expirations };
}

const [INIT, CHANGE, CANCEL] = [0n, 1n, 2n];

describe('the watchdog', () => {
  test('expires once, after its interval', () => {
    const { diagnose, advance, expirations } = bench();
    expect(diagnose(INIT, 15n)).toBe(true);
    advance(100);
    expect(expirations).toEqual([15_000]);
    expect(diagnose(CHANGE, 15n)).toBe(false);
  });

  test('is renewed, cancelled and reset', () => {
    const { watchdog, diagnose, advance, expirations } = bench();
    diagnose(INIT, 15n);
    advance(10);
    expect(diagnose(CHANGE, 20n)).toBe(true);
    advance(19);
    expect(diagnose(CANCEL)).toBe(true);
    diagnose(INIT, 15n);
    watchdog.reset();
    advance(100);
    expect(expirations).toEqual([]);
  });

  test('waits for an interval that is longer than any timer of the host', () => {
    const { diagnose, advance, expirations } = bench();
    diagnose(INIT, 3_000_000n);
    advance(3_000_001);
    expect(expirations).toEqual([3_000_000_000]);
  });

  test.each<[string, Parameters<ReturnType<typeof bench>['diagnose']>]>([
    ['an interval below 15 seconds', [INIT, 14n]],
    ['an unknown function', [3n, 15n]],
    ['an action', [INIT, 15n, 1n]],
    ['an odd register', [INIT, 15n, 0n, 3]],
    ['a change before a start', [CHANGE, 15n]],
    ['a cancellation before a start', [CANCEL]],
  ])('refuses %s', (_, call) => {
    expect(bench().diagnose(...call)).toBe(false);
  });
});
