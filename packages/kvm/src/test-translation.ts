/** A program run from its beginning to its end on a vCPU with a translator, for tests of what is translated. */
import { CpuState } from '@zarch/arch';
import { type CodeCacheCounters, LocalTranslator, type TranslationStore, Translator } from '@zarch/cpu';
import { assembleProgram } from '@zarch/isa';
import type { VcpuExit } from './exits.ts';
import { clearReset } from './reset.ts';
import { BITS64, CODE } from './test-vcpu.ts';
import { initializeVcpu, Vcpu } from './vcpu.ts';
import { Vm } from './vm.ts';

const model = { cpuId: 0x3906_8000n, facilities: new Set([0, 1, 2, 18, 21, 34, 45]), ibc: 0 };

export interface TranslationRun {
  /** Visits after which code is translated. */
  readonly threshold: number;
  /** Branches in one run of translated code. */
  readonly slice?: number;
  readonly memorySize?: number;
  readonly store?: TranslationStore | undefined;
}

export interface TranslatedRun {
  readonly exit: VcpuExit;
  readonly gr: (number: number) => bigint;
  readonly counters: CodeCacheCounters | undefined;
  /** What was translated, in that order: its address, and how many instructions it has. */
  readonly regions: readonly { readonly at: number; readonly size: number }[];
  readonly labels: ReadonlyMap<string, bigint>;
  /** The parts of the store, if it is worth writing. */
  readonly kept: readonly Uint8Array<ArrayBuffer>[] | undefined;
}

export function runTranslated(
  source: string,
  { threshold, slice, memorySize = 1 << 20, store }: TranslationRun,
): TranslatedRun {
  const code = assembleProgram(source, { origin: CODE });
  if (!code.ok) throw new Error(code.errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const vm = new Vm({ memorySize, maximumCpus: 1, model });
  const [place] = vm.places;
  if (!place) throw new Error('no vCPU');
  const translator = new Translator(vm.host, memorySize, { store });
  const local = new LocalTranslator(translator, place.block);
  const regions: { readonly at: number; readonly size: number }[] = [];
  const take = () => {
    const answer = local.take();
    for (const { pointer, instructions } of answer?.kind === 'translation' ? answer.regions : []) {
      regions.push({ at: vm.host.top - 16 - pointer, size: instructions });
    }
    return answer;
  };
  const port = { request: local.request.bind(local), take, kept: local.kept };
  const vcpu = new Vcpu(vm, 0, {
    clock: () => 1n << 60n,
    translation: { translator: port, threshold, ...(slice === undefined ? {} : { slice }) },
  });
  const { state } = vcpu;
  initializeVcpu(vm, state);
  clearReset(state);
  vm.load(Number(CODE), code.bytes);
  state.psw = { mask: BITS64, address: CODE };
  vm.states.setState(0, CpuState.operating);
  const exit = vcpu.run();
  const parts = translator.encodeStore();
  return {
    ...{ exit, regions, labels: code.symbols, counters: vcpu.engine.code?.counters },
    ...{ gr: (number) => state.gr(number), kept: parts && [...parts] },
  };
}
