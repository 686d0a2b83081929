/** Executing cases on our own CPU, in one of its ways, over storage that is mapped as in the runner's process. */
import { absolute, nullifyingInterruptions, ProgramInterruption } from '@zarch/arch';
import {
  buildCpuModule,
  CodeCache,
  CPU_BLOCK_SIZE,
  CpuBlock,
  type CpuExports,
  cpuLayout,
  Exit,
  instantiateCpu,
  LocalTranslator,
  Translator,
} from '@zarch/cpu';
import { AbsoluteStorage, HostStorage, mmuLayout, STATE_DESCRIPTION_SIZE } from '@zarch/memory';
import { type Case, slotAddress } from './case.ts';
import { BATCH, CODE, DATA_PAGES, INSTRUCTION, SLOT, WINDOWS } from './layout.ts';
import { type Outcome, Signal, signalOf } from './outcome.ts';

/** Something that executes cases. */
export interface Executor {
  readonly name: string;
  /** Puts the code of a batch in its place. */
  begin(code: Uint8Array): void;
  /** Executes the case whose code is in slot `index`. */
  execute(test: Case, index: number): Outcome;
}

const STORAGE = 4 << 20;
const CONTROL = 2 << 20;
/** Storage for translation tables, where nothing is mapped. */
const SEGMENT_TABLE = 0x3c_0000;
const PAGE_TABLES = 0x3c_4000;

/** DAT on, I/O, external and machine-check interruptions, problem state: the PSW of a Linux program. */
const USER_PSW = 0x0705_0000_0000_0000n;
const MODE_BITS = { 24: 0n, 31: 0x8000_0000n, 64: 0x1_8000_0000n } as const;
/** Branches and calls after which a case is taken for an endless loop. */
const PATIENCE = 2000;

/**
 * The ways of our CPU: `run` has the frequent instructions in the interpreter's loop, `step` calls every one, `translate`
 * makes code of every case before it is executed.
 */
export type Way = 'run' | 'step' | 'translate';

export class OwnExecutor implements Executor {
  readonly name: Way;
  /** Times that translated code was entered. */
  get translatedRuns(): number {
    return Number(this.#block.u64(cpuLayout.regionEntries));
  }
  readonly #code: CodeCache | undefined;
  readonly #host = new HostStorage(STORAGE, CONTROL);
  readonly #storage = new AbsoluteStorage(this.#host, STORAGE);
  readonly #block: CpuBlock;
  readonly #exports: CpuExports;

  constructor(name: Way) {
    this.name = name;
    const host = this.#host;
    const stateDescription = host.allocate(STATE_DESCRIPTION_SIZE, 512);
    this.#block = new CpuBlock(host, host.allocate(CPU_BLOCK_SIZE, 4096));
    this.#exports = instantiateCpu(compiled(), host, {
      clock: () => 0n,
      translateAccessRegister: () => [0n, ProgramInterruption.alet],
    });
    const block = this.#block;
    block.setU32(mmuLayout.stateDescription, stateDescription);
    block.setU32(mmuLayout.top, host.top);
    block.setU32(mmuLayout.size, STORAGE);
    block.setU32(mmuLayout.keys, this.#storage.keys);
    block.setU32(mmuLayout.codeFrames, this.#storage.codeFrames.address);
    for (let word = 0; word < 4; word++) block.setU64(cpuLayout.facilities + 8 * word, -1n);
    const description = block.stateDescription();
    // AFP-register, extraction-authority and secondary-space control; primary ASCE, a segment table.
    description.setU64(0x100, 0x0c04_0000n);
    description.setU64(0x108, BigInt(SEGMENT_TABLE) | 3n);
    this.#map();
    if (name === 'translate') {
      const [exports, address] = [this.#exports, block.address];
      const translator = new LocalTranslator(new Translator(host, STORAGE), address);
      const storage = this.#storage;
      this.#code = new CodeCache({ host, storage, exports, block: address, translator, threshold: 1 });
    }
  }

  begin(code: Uint8Array): void {
    this.#view(CODE, BATCH * SLOT).fill(0);
    this.#view(CODE, code.length).setBytes(0, code);
  }

  execute(test: Case, index: number): Outcome {
    const block = this.#block;
    for (let i = 0; i < 16; i++) {
      block.setGr(i, test.gr[i] ?? 0n);
      block.setFpr(i, test.fpr[i] ?? 0n);
      block.setAr(i, test.ar[i] ?? 0);
    }
    block.fpc = test.fpc;
    block.cc = test.cc;
    block.setU64(mmuLayout.pswMask, USER_PSW | (BigInt(test.programMask) << 40n) | MODE_BITS[test.mode]);
    this.#exports.refresh(block.address);
    for (const page of DATA_PAGES) this.#view(page, 4096).fill(0);
    let at = 0;
    for (const { address, size } of WINDOWS) {
      this.#view(address, size).setBytes(0, test.windows.subarray(at, at + size));
      at += size;
    }
    block.setU64(cpuLayout.nextAddress, BigInt(slotAddress(index) + INSTRUCTION));
    block.setU32(mmuLayout.faultCode, 0);
    return this.#outcome(this.#run());
  }

  #run(): number {
    const execute = this.name === 'step' ? this.#exports.step : this.#exports.run;
    for (let slices = 0; slices < PATIENCE; slices++) {
      this.#code?.prepare();
      const exit = execute(this.#block.address, 1);
      this.#code?.collect();
      if (exit !== Exit.slice && exit !== Exit.partial) return exit;
    }
    return Exit.slice;
  }

  #outcome(exit: number): Outcome {
    const block = this.#block;
    const code = exit === Exit.program ? block.u32(mmuLayout.faultCode) & 0xff : 0;
    const dxc = (block.fpc >> 8) & 0xff;
    // An exit that no case should come to shows as a signal there is not.
    const [signal, signalCode] = signalOf(code, dxc) ?? [100 + exit, code];
    const nullified = nullifyingInterruptions.has(code) || signal === Signal.segmentation;
    const next = block.u64(cpuLayout.nextAddress);
    const length = BigInt(block.u32(cpuLayout.length));
    const page = block.u64(mmuLayout.faultTeid) & ~0xfffn;
    const windows = new Uint8Array(1024);
    let at = 0;
    for (const { address, size } of WINDOWS) {
      windows.set(this.#view(address, size).bytes(), at);
      at += size;
    }
    const registers = (read: (i: number) => bigint) => BigUint64Array.from({ length: 16 }, (_, i) => read(i));
    return {
      signal,
      signalCode,
      signalAddress: Number(signal === Signal.segmentation ? page : next - length),
      pswMask: block.u64(mmuLayout.pswMask) | (BigInt(block.cc) << 44n),
      pswAddress: nullified ? next - length : next,
      gr: registers((i) => block.gr(i)),
      fpr: registers((i) => block.fpr(i)),
      ar: Uint32Array.from({ length: 16 }, (_, i) => block.ar(i)),
      fpc: block.fpc,
      windows,
      checksums: DATA_PAGES.map((page) => this.#checksum(page)),
    };
  }

  /** As CHECKSUM computes it: guest storage is back to front, so that its words are the host's. */
  #checksum(page: number): number {
    const words = new Uint32Array(this.#host.memory.buffer, this.#host.top - page - 4096, 1024);
    let sum = 0;
    for (const word of words) sum += word;
    while (sum > 0xffff_ffff) sum = (sum % 0x1_0000_0000) + Math.floor(sum / 0x1_0000_0000);
    return sum;
  }

  #view(address: number, length: number) {
    const view = this.#storage.view(absolute(address), length);
    if (!view) throw new RangeError(`no storage at ${address}`);
    return view;
  }

  /** Maps code and data pages to themselves and nothing else. */
  #map(): void {
    const invalid = 0x400n;
    const pageInvalid = 0x20n;
    const segments = this.#view(SEGMENT_TABLE, 2048 * 8);
    for (let i = 0; i < 2048; i++) {
      segments.setU64(8 * i, i < 16 ? BigInt(PAGE_TABLES + 2048 * i) : pageInvalid);
    }
    const pages = this.#view(PAGE_TABLES, 16 * 2048);
    for (let i = 0; i < 16 * 256; i++) pages.setU64(8 * i, invalid);
    const codePages = Array.from({ length: (BATCH * SLOT) / 4096 }, (_, i) => CODE + 4096 * i);
    for (const page of [...DATA_PAGES, ...codePages]) pages.setU64(8 * (page / 4096), BigInt(page));
  }
}

let made: WebAssembly.Module | undefined;

function compiled(): WebAssembly.Module {
  made ??= new WebAssembly.Module(buildCpuModule(() => true));
  return made;
}
