/**
 * A vCPU on which the same program runs from many states, in one of the tiers, with translation tables: eight pages of
 * data, of which some are absent, protected, or the same as another one.
 */
import { absolute, CpuState, CR0, Lowcore, StateDescription as SD } from '@zarch/arch';
import { Random } from '@zarch/arch/testing';
import { LocalTranslator, Translator, type TranslatorOptions } from '@zarch/cpu';
import { assembleProgram } from '@zarch/isa';
import { clearReset } from '../reset.ts';
import { initializeVcpu, Vcpu } from '../vcpu.ts';
import { Vm } from '../vm.ts';
import { BASES, INDEX } from './random-instructions.ts';

/** Frames of programs' code: each program has its own, since those that change their code leave theirs to the interpreter. */
const CODE_FRAMES = 0x5_0000;
const FRAMES_EACH = 3;
/** Programs that a machine takes. */
export const MOST_PROGRAMS = 48;
const MEMORY = CODE_FRAMES + MOST_PROGRAMS * FRAMES_EACH * 0x1000;
/** The logical address of two pages of code. */
const CODE = 0x1_0000;
const HANDLER = 0x2_0000;
const SAVED = 0x2_2000;
const TABLES = 0x3_0000;
const SEGMENT_TABLE = TABLES;
const CODE_PAGES = TABLES + 0x1000;
const DATA_PAGES = TABLES + 0x1800;
/** Where pages of data are, by absolute and by logical addresses. */
const DATA = 0x4_0000;
const LOGICAL_DATA = 0x10_0000;
const PAGES = 8;
const PAGE = 4096;
const INVALID_SEGMENT = 0x20;
const INVALID = 0x400;
const PROTECTED = 0x200;
const INTERRUPTIONS = 12;
/**
 * A program that has destroyed itself may not end: after so many runs it is given up, some seconds at most. The
 * interpreter's are of 4096 branches; those of translated code are as short or shorter, and end with each store into code.
 */
const RUNS = { interpreted: 250, translated: 300_000 } as const;

const DAT_ON = 0x0400_0001_8000_0000n;
const HANDLER_MASK = 0x1_8000_0000n;
const AFP_REGISTERS = 1n << 18n;

/** Addresses of data, for instructions that name them. */
export const dataAddresses = [0, 8, 0xff8, 0xffc, 0x804, 0x100].flatMap((offset) =>
  Array.from({ length: PAGES }, (_, page) => LOGICAL_DATA + page * PAGE + offset),
);

/** Pages of the frames of code that can be stored into, where stores by other registers rarely come. */
const ALIAS = 128;
/** How far from where code is fetched it can be stored into. */
export const codeAlias = LOGICAL_DATA + ALIAS * PAGE - CODE;

/** What is different in another frame for the second page of code. */
const VARIANT = { instruction: 'ahi %r4,17', bytes: [0xa7, 0x4a, 0, 17], other: 18 } as const;
export const variantInstruction = VARIANT.instruction;

/**
 * After a program interruption: an absent page becomes present, the instruction is left out when it was nullified for
 * another reason, and the program goes on. It ends when there are too many.
 */
const handler = `
 stmg %r0,%r15,${SAVED}
 lg %r1,${SAVED + 128}
 aghi %r1,-1
 stg %r1,${SAVED + 128}
 jnh end
 llgh %r2,${Lowcore.programCode}
 chi %r2,0x11
 je page
 chi %r2,0x10
 je skip
 chi %r2,0x38
 jl resume
 chi %r2,0x3b
 jh resume
skip: llgh %r3,${Lowcore.programLength}
 ag %r3,${Lowcore.programOldPsw + 8}
 stg %r3,${Lowcore.programOldPsw + 8}
 j resume
page: lg %r3,${Lowcore.teid}
 srlg %r3,%r3,12
 clgfi %r3,0x200
 jnl skip
 sllg %r3,%r3,3
 lgfi %r4,${CODE_PAGES}
 la %r4,0(%r3,%r4)
 ni 6(%r4),0xfb
resume: lmg %r0,%r15,${SAVED}
 lpswe ${Lowcore.programOldPsw}
end: diag %r0,%r0,0x7ff`;

const model = { cpuId: 0x3906_8000n, facilities: new Set(Array.from({ length: 130 }, (_, i) => i)), ibc: 0 };

/** What can be observed of a run, as values that can be compared. */
export interface Outcome {
  readonly registers: Readonly<Record<string, string>>;
  /** Guest storage but for other programs' code, as it lies in the host's, back to front; it changes with the next run. */
  readonly storage: readonly { readonly address: number; readonly words: Uint32Array }[];
  /** Whether the program came to its end. */
  readonly ended: boolean;
  /** Program interruptions there were. */
  readonly interruptions: number;
}

export interface Translating {
  /** Visits after which code is translated. */
  readonly threshold: number;
  /** Branches in one run of translated code: 4096 at most, as in the interpreter. */
  readonly slice: number;
  /** How large regions are, if they are to be small. */
  readonly limits?: TranslatorOptions['limits'];
}

export class TierMachine {
  readonly #vm: Vm;
  readonly #vcpu: Vcpu;
  #code: Uint8Array = new Uint8Array();
  #origin = CODE;
  /** The first of the program's frames: two, and another one for the second page. */
  #frames = CODE_FRAMES - FRAMES_EACH * PAGE;
  /** Looks at the clock: there is at least one in each run. */
  #looks = 0;
  /** @param translated - How; without it the machine interprets. */
  constructor(translated?: Translating) {
    this.#vm = new Vm({ memorySize: MEMORY, maximumCpus: 1, model });
    const [place] = this.#vm.places;
    const translator = (block: number) =>
      new LocalTranslator(new Translator(this.#vm.host, MEMORY, { limits: translated?.limits }), block);
    const translation =
      translated && place ? { translator: translator(place.block), ...translated } : undefined;
    const most = translated ? RUNS.translated : RUNS.interpreted;
    const clock = () => {
      if (++this.#looks > most) place?.local.requestExit();
      return 1n << 60n;
    };
    this.#vcpu = new Vcpu(this.#vm, 0, { clock, translation });
    initializeVcpu(this.#vm, this.#vcpu.state);
    this.#vm.load(HANDLER, assembled(handler, HANDLER));
  }

  get counters() {
    return this.#vcpu.engine.code?.counters;
  }

  /** Puts the program into frames of its own, and with the end of a page in its middle. */
  load(source: string): void {
    const { length } = assembled(source, CODE);
    if (length > PAGE) throw new RangeError('a program of more than two pages');
    this.#origin = CODE + PAGE - (length >> 2) * 2;
    this.#code = assembled(source, this.#origin);
    this.#frames += FRAMES_EACH * PAGE;
    this.#loadCode();
    const second = this.#view(this.#frames + PAGE, PAGE).bytes();
    for (let at = 0; at < PAGE; at += 2) {
      if (VARIANT.bytes.every((byte, i) => second[at + i] === byte)) second[at + 3] = VARIANT.other;
    }
    this.#vm.load(this.#frames + 2 * PAGE, second);
  }

  #loadCode(): void {
    this.#vm.load(this.#frames + this.#origin - CODE, this.#code);
  }

  /** Runs the program from the state that a seed gives. */
  run(seed: string): Outcome {
    const random = new Random(seed);
    this.#reset(random);
    this.#looks = 0;
    const exit = this.#vcpu.run();
    const { state } = this.#vcpu;
    const { block } = state;
    const { host } = this.#vm;
    const words = (address: number, length: number) => ({
      address,
      words: new Uint32Array(host.memory.buffer, host.top - address - length, length / 4),
    });
    const hex = (value: bigint | number): string => value.toString(16);
    const all = Array.from({ length: 16 }, (_, i) => i);
    const keys = Array.from(
      { length: MEMORY / PAGE },
      (_, i) => this.#vm.storage.key(absolute(i * PAGE)) ?? 0,
    );
    const left = Number(this.#view(SAVED + 128, 8).u64(0));
    return {
      registers: {
        exit: JSON.stringify(exit, (_, value) => (typeof value === 'bigint' ? hex(value) : value)),
        ...Object.fromEntries(all.map((i) => [`r${i}`, hex(state.gr(i))])),
        ...Object.fromEntries(all.map((i) => [`f${i}`, hex(block.fpr(i))])),
        access: all.map((i) => hex(block.ar(i))).join(' '),
        fpc: hex(block.fpc),
        psw: `${hex(state.psw.mask)} ${hex(state.psw.address)}`,
        breakingEvent: hex(state.sd.u64(SD.breakingEvent)),
        keys: keys.map(hex).join(' '),
      },
      storage: [words(0, CODE_FRAMES), words(this.#frames, FRAMES_EACH * PAGE)],
      ended: exit.reason !== 'interrupted',
      interruptions: INTERRUPTIONS - left,
    };
  }

  #reset(random: Random): void {
    const { state } = this.#vcpu;
    clearReset(state);
    const lowcore = this.#view(0, 2 * PAGE);
    lowcore.fill(0);
    lowcore.setU64(Lowcore.programNewPsw, HANDLER_MASK);
    lowcore.setU64(Lowcore.programNewPsw + 8, BigInt(HANDLER));
    // Stores that change nothing would have the code taken for data.
    const isChanged = this.#view(this.#frames + this.#origin - CODE, this.#code.length)
      .bytes()
      .some((byte, at) => byte !== this.#code[at]);
    if (isChanged) this.#loadCode();
    this.#view(SAVED, 256).fill(0);
    this.#view(SAVED, 256).setU64(128, BigInt(INTERRUPTIONS));
    this.#tables(random);
    this.#data(random);
    this.#keys(random);
    this.#registers(random);
    state.exports.purge(state.block.address);
    this.#vm.states.setState(0, CpuState.operating);
  }

  #tables(random: Random): void {
    const tables = this.#view(TABLES, 2 * PAGE);
    for (let i = 0; i < 512; i++) tables.setU64(8 * i, BigInt(INVALID_SEGMENT));
    tables.setU64(0, BigInt(CODE_PAGES));
    tables.setU64(8, BigInt(DATA_PAGES));
    const page = (table: number, number: number, entry: number) =>
      tables.setU64(table - TABLES + 8 * number, BigInt(entry));
    for (let i = 0; i < 256; i++) {
      const unused = (DATA + (i % PAGES) * PAGE) | INVALID;
      page(CODE_PAGES, i, i < CODE_FRAMES / PAGE ? (i * PAGE) | PROTECTED : unused);
      page(DATA_PAGES, i, unused);
    }
    const frames = this.#frames;
    const second = (random.once(3) ? frames + 2 * PAGE : frames + PAGE) | PROTECTED;
    page(CODE_PAGES, CODE / PAGE, frames | PROTECTED);
    page(CODE_PAGES, CODE / PAGE + 1, second | (random.once(6) ? INVALID : 0));
    page(DATA_PAGES, ALIAS, frames);
    page(DATA_PAGES, ALIAS + 1, frames + PAGE);
    for (let i = 0; i < PAGES; i++) {
      const frame = random.once(10) ? random.below(PAGES) : (i * 5 + 3) % PAGES;
      const flags = (random.once(6) ? INVALID : 0) | (random.once(8) ? PROTECTED : 0);
      page(DATA_PAGES, i, (DATA + frame * PAGE) | flags);
    }
  }

  #data(random: Random): void {
    const data = this.#view(DATA, PAGES * PAGE);
    const pattern = random.bytes(256);
    for (let at = 0; at < data.length; at += pattern.length) data.setBytes(at, pattern);
    for (let i = 0; i < 8; i++) data.setU64(8 * random.below(data.length / 8), interesting(random));
  }

  #keys(random: Random): void {
    const { storage } = this.#vm;
    for (let at = 0; at < MEMORY; at += PAGE) storage.setKey(absolute(at), 0);
    for (let i = 0; i < PAGES; i++) {
      const key = random.once(10) ? 0x20 | (random.once(2) ? 8 : 0) : 0x10;
      storage.setKey(absolute(DATA + i * PAGE), key);
    }
  }

  #registers(random: Random): void {
    const { state } = this.#vcpu;
    const { block } = state;
    for (let i = 0; i < 16; i++) {
      state.setGr(i, interesting(random));
      block.setFpr(i, random.once(2) ? random.bits(64) : 0x4000_0000_0000_0000n + interesting(random) / 8n);
      block.setAr(i, random.below(3));
    }
    for (const base of BASES) state.setGr(base, BigInt(LOGICAL_DATA + placeInData(random)));
    state.setGr(INDEX, BigInt(random.once(2) ? random.below(64) : random.below(2048)));
    block.fpc = random.once(5) ? random.pick([0x8000_0000, 0xf800_0000, 0x0800_0001, 0x4000_0003]) : 0;
    state.setControl(0, 0xe0n | AFP_REGISTERS | CR0.clockComparator);
    state.sd.setU64(SD.clockComparator, 0xffff_ffff_ffff_ffffn);
    state.setControl(1, BigInt(SEGMENT_TABLE));
    const key = random.once(3) ? 1n << 52n : 0n;
    const overflow = random.once(12) ? 1n << 43n : 0n;
    const cc = BigInt(random.below(4)) << 44n;
    state.psw = { mask: DAT_ON | key | cc | overflow, address: BigInt(this.#origin) };
  }

  #view(address: number, length: number) {
    const view = this.#vm.storage.view(absolute(address), length);
    if (!view) throw new RangeError(`no storage at ${address}`);
    return view;
  }
}

/** Often near the end of a page, where operands are in two. */
function placeInData(random: Random): number {
  const page = random.below(PAGES) * PAGE;
  return (
    page +
    random.pick([0, 8 * random.below(256), random.below(PAGE), 0xf00, 0xfc0 + random.below(64), 0x1000 - 8])
  );
}

/** Near the ends of 32 and 64 bits. */
function interesting(random: Random): bigint {
  const word = () =>
    BigInt(random.pick([0, 1, 2, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_fffe, random.next()]));
  switch (random.below(4)) {
    case 0:
      return BigInt(random.below(40));
    case 1:
      return random.bits(64);
    default:
      return (word() << 32n) | word();
  }
}

/** @throws Error that names the line, for source that is no program. */
function assembled(source: string, origin: number): Uint8Array {
  const program = assembleProgram(source, { origin: BigInt(origin) });
  if (program.ok) return program.bytes;
  const lines = source.split('\n');
  throw new Error(program.errors.map(({ line, message }) => `${message}: ${lines[line - 1]}`).join('\n'));
}
