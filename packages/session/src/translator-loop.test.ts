/** Translations of earlier runs, got ready while a guest runs. */
import { CpuState } from '@zarch/arch';
import { TranslationStore, type TranslatorAnswer, type TranslatorPort } from '@zarch/cpu';
import { assembleProgram } from '@zarch/isa';
import { clearReset, initializeVcpu, Vcpu, Vm } from '@zarch/kvm';
import { describe, expect, it } from 'vitest';
import { TranslatorLoop } from './translator-loop.ts';

const CODE = 0x1_0000;
const BITS64 = 0x1_8000_0000n;
const options = {
  ...{ memorySize: 1 << 20, maximumCpus: 1 },
  model: { cpuId: 0x3906_8000n, facilities: new Set([0, 1, 2, 18, 21, 34, 45]), ibc: 0 },
};

/** Two loops one after the other; the sum is in register 2. */
const program = (step: number) => `
  lghi %r2,0
  llilh %r4,2
first: ahi %r2,${step}
  brct %r4,first
  llilh %r4,2
second: xr %r2,%r4
  brct %r4,second
  diag %r0,%r0,0x7ff`;

type Parts = readonly Uint8Array<ArrayBuffer>[];

interface RunOptions {
  /** The translator gets to preparing only once something is wanted. */
  readonly isBusy?: boolean;
}

/** Runs the program, with the translator's work done between its runs of code. */
function run(step: number, kept: Parts | undefined, { isBusy = false }: RunOptions = {}) {
  const code = assembleProgram(program(step), { origin: BigInt(CODE) });
  if (!code.ok) throw new Error(JSON.stringify(code.errors));
  const vm = new Vm(options);
  const store = kept
    ? TranslationStore.decode((part) => kept[part], { news: 1 })
    : new TranslationStore({ news: 1 });
  const answers: TranslatorAnswer[] = [];
  const seen: TranslatorAnswer['kind'][] = [];
  const wanted: number[] = [];
  const data = { vm: vm.handle, cpuAddress: 0 };
  const work: (() => void)[] = [];
  const host = {
    answer: (answer: TranslatorAnswer) => answers.push(answer),
    defer: (later: () => void) => work.push(later),
  };
  const prepare = () => work.shift()?.();
  const loop = new TranslatorLoop(data, host, { store });
  const translator: TranslatorPort = {
    request: (requests) => loop.serve(requests, () => undefined),
    take: () => {
      if (!isBusy || wanted.length > 0) prepare();
      const answer = answers.shift();
      if (answer) seen.push(answer.kind);
      return answer;
    },
    kept: {
      begin: () => {
        loop.begin();
        // There is time before the guest comes to its loops.
        for (prepare(); !isBusy && work.length > 0; ) prepare();
      },
      use: (ids) => loop.use(ids),
      want: (ids) => {
        wanted.push(...ids);
        loop.want(ids);
      },
    },
  };
  const vcpu = new Vcpu(vm, 0, { clock: () => 1n << 60n, translation: { translator, threshold: 1000 } });
  initializeVcpu(vm, vcpu.state);
  clearReset(vcpu.state);
  vm.load(CODE, code.bytes);
  vcpu.state.psw = { mask: BITS64, address: BigInt(CODE) };
  vm.states.setState(0, CpuState.operating);
  expect(vcpu.run()).toMatchObject({ reason: 'diagnose', code: 0x7ff });
  const next = loop.encodeStore();
  const { counters } = vcpu.engine.code ?? {};
  return { result: vcpu.state.gr(2), counters, next: next && [...next], seen, wanted };
}

describe('TranslatorLoop', () => {
  it('gets ready what the run before has translated, and translates nothing', () => {
    const first = run(1, undefined);
    expect(first.counters).toMatchObject({ stored: 0, regions: 2 });
    const second = run(1, first.next);
    expect(second.result).toBe(first.result);
    expect(second.counters).toMatchObject({ stored: 2, reused: 2, regions: 0 });
    expect(second.seen.filter((kind) => kind !== 'translation')).toEqual(['segment', 'ready']);
    expect(second.next).toBeUndefined();
  });

  it('looks through older segments when their code is requested', () => {
    let kept: Parts | undefined;
    for (const step of [1, 2, 3]) {
      const { counters, next } = run(step, kept);
      // The second loop is the same in all.
      expect(counters?.regions).toBe(step === 1 ? 2 : 1);
      kept = next;
    }
    const again = run(3, kept);
    expect(again.result).toBe(run(3, undefined).result);
    // Two segments are told of at once. The third comes by request.
    expect(again.counters).toMatchObject({ regions: 0, reused: 2, stored: 4 });
    expect(again.seen.filter((kind) => kind === 'segment')).toHaveLength(3);
  });

  it('is told by the vCPU what it would use, were it ready', () => {
    const { next, result } = run(1, undefined);
    const again = run(1, next, { isBusy: true });
    expect([again.result, again.wanted]).toEqual([result, [0]]);
    expect(again.counters).toMatchObject({ stored: 2, reused: 2, regions: 0 });
  });

  it('translates what is in a damaged segment', () => {
    const { next, result } = run(1, undefined);
    const [summary, regions] = next ?? [];
    if (!summary || !regions) throw new Error('nothing was kept');
    const again = run(1, [summary, regions]);
    expect(again.result).toBe(result);
    expect(again.counters).toMatchObject({ stored: 0, reused: 0, regions: 2 });
    // What is written has the new translations only.
    expect(run(1, again.next).counters).toMatchObject({ stored: 2, reused: 2, regions: 0 });
  });
});
