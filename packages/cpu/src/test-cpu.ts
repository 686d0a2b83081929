/** A CPU with a little storage and no hypervisor, on which tests run assembled code in real mode. */
import { absolute } from '@zarch/arch';
import { assembleProgram } from '@zarch/isa';
import { type AbsoluteStorage, type HostStorage, mmuLayout, stateField } from '@zarch/memory';
import { BareCpu } from './bare-cpu.ts';
import { CodeCache } from './code-cache.ts';
import { cpuLayout, Exit } from './cpu-layout.ts';
import { buildCpuModule, type CpuExports } from './cpu-module.ts';
import { LocalTranslator } from './translator/local-translator.ts';
import { Translator } from './translator/translator.ts';

/** Where {@link TestCpu.run} puts code; code and data may use the rest of the storage. */
export const CODE = 0x1_0000n;

const STORAGE_SIZE = 1 << 20;

/** Whether everything is to be translated at first sight. */
const translated =
  (globalThis as { process?: { env: Record<string, string> } }).process?.env['ZARCH_TIER'] === 'translate';

let compiled: WebAssembly.Module | undefined;

/** How a run ended. */
export interface RunResult {
  readonly exit: number;
  /** The program-interruption code, when the exit is one. */
  readonly code: number;
  readonly cc: number;
  readonly nextAddress: bigint;
}

export class TestCpu {
  readonly host: HostStorage;
  readonly storage: AbsoluteStorage;
  readonly cpu: number;
  readonly exports: CpuExports;
  /** Runs `step` instead of the loop with the frequent instructions in it. */
  stepping = false;
  /** Translated code, in runs of the tests that are to use it. */
  readonly code: CodeCache | undefined;
  #clock = 1n << 60n;
  readonly #bare: BareCpu;
  readonly #view: DataView;

  /** @param facilities - Facility bits offered to the program; all by default. */
  constructor(facilities: (bit: number) => boolean = () => true) {
    compiled ??= new WebAssembly.Module(buildCpuModule(() => true));
    this.#bare = new BareCpu(compiled, STORAGE_SIZE, () => this.#clock++);
    this.host = this.#bare.host;
    this.storage = this.#bare.storage;
    this.cpu = this.#bare.block;
    this.exports = this.#bare.exports;
    this.#view = this.#bare.view;
    for (let bit = 0; bit < 256; bit++) {
      const at = this.cpu + cpuLayout.facilities + 8 * Math.floor(bit / 64);
      if (facilities(bit)) {
        this.#view.setBigUint64(
          at,
          this.#view.getBigUint64(at, true) | (1n << BigInt(63 - (bit % 64))),
          true,
        );
      }
    }
    this.setControl(0, 1n << 18n); // AFP-register control
    if (translated) {
      const { host, storage, exports, cpu: block } = this;
      const translator = new LocalTranslator(new Translator(host, STORAGE_SIZE), block);
      this.code = new CodeCache({ host, storage, exports, block, translator, threshold: 1 });
    }
  }

  gr(number: number): bigint {
    return this.#view.getBigUint64(this.cpu + cpuLayout.gr + 8 * number, true);
  }
  setGr(number: number, value: bigint): void {
    this.#view.setBigUint64(this.cpu + cpuLayout.gr + 8 * number, BigInt.asUintN(64, value), true);
  }
  fpr(number: number): bigint {
    return this.#view.getBigUint64(this.cpu + cpuLayout.vr + 16 * number + 8, true);
  }
  setFpr(number: number, value: bigint): void {
    this.#view.setBigUint64(this.cpu + cpuLayout.vr + 16 * number + 8, BigInt.asUintN(64, value), true);
  }
  get fpc(): number {
    return this.word(cpuLayout.fpc) >>> 0;
  }
  set fpc(value: number) {
    this.setWord(cpuLayout.fpc, value);
  }
  setCc(value: number): void {
    this.setWord(cpuLayout.cc, value);
  }
  setControl(number: number, value: bigint): void {
    const description = this.word(mmuLayout.stateDescription) >>> 0;
    this.#view.setBigUint64(description + stateField(0x100 + 8 * number, 8), value, true);
  }
  /** Sets PSW bits 0-63; the condition code is set apart. */
  setPsw(mask: bigint): void {
    this.#bare.setPswMask(mask);
  }
  /** A 32-bit field of the block. */
  word(offset: number): number {
    return this.#view.getInt32(this.cpu + offset, true);
  }
  setWord(offset: number, value: number): void {
    this.#view.setInt32(this.cpu + offset, value | 0, true);
  }
  bytes(address: number | bigint, length: number): Uint8Array {
    return this.#storageView(Number(address), length).bytes();
  }
  setBytes(address: number | bigint, bytes: Uint8Array | readonly number[]): void {
    this.#storageView(Number(address), bytes.length).setBytes(0, Uint8Array.from(bytes));
  }

  /** Assembles `source` at `origin` and executes it until it leaves; code ends in an operation exception. */
  run(source: string, origin = CODE): RunResult {
    const program = assembleProgram(`${source}\n .short 0`, { origin });
    if (!program.ok) throw new Error(program.errors.map((error) => error.message).join('\n'));
    this.setBytes(origin, program.bytes);
    this.#view.setBigUint64(this.cpu + cpuLayout.nextAddress, origin, true);
    this.setWord(mmuLayout.faultCode, 0);
    const execute = this.stepping ? this.exports.step : this.exports.run;
    for (let slices = 0; slices < 100_000; slices++) {
      this.code?.prepare();
      const exit = execute(this.cpu, 1000);
      this.code?.collect();
      if (exit !== Exit.slice && exit !== Exit.partial) return this.#result(exit);
    }
    throw new Error('the program does not end');
  }

  #result(exit: number): RunResult {
    return {
      exit,
      code: exit === Exit.program ? this.word(mmuLayout.faultCode) : 0,
      cc: this.word(cpuLayout.cc),
      nextAddress: this.#view.getBigUint64(this.cpu + cpuLayout.nextAddress, true),
    };
  }

  #storageView(address: number, length: number) {
    const view = this.storage.view(absolute(address), length);
    if (!view) throw new RangeError(`no storage at ${address}`);
    return view;
  }
}
