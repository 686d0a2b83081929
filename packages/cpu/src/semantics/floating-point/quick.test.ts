/** Holds instructions that the host's arithmetic does against their evaluation by integers, in every mode of the FPC. */
import { ProgramInterruption } from '@zarch/arch';
import { findInstruction } from '@zarch/isa';
import { describe, expect, it } from 'vitest';
import { BFP_INSTRUCTIONS, type BfpFormat, type BfpInteger, withDxc } from '../../bfp/index.ts';
import { TestCpu } from '../../test-cpu.ts';
import { quickArithmetic } from './quick-arithmetic.ts';
import { quickCompare } from './quick-compare.ts';
import { quickConvert } from './quick-convert.ts';
import { quickFused } from './quick-fused.ts';

const CASES = 0x2_0000;
const CASE_SIZE = 80;
const RANDOM_CASES = 400;

/** What an instruction finds, with the left half of a register for a short operand. */
interface Case {
  readonly fpc: number;
  readonly first: bigint;
  readonly second: bigint;
  readonly third: bigint;
  /** The second operand where it is in a general register, and what the first one holds. */
  readonly integer: bigint;
  readonly old: bigint;
  readonly cc: number;
}

/** What it leaves. */
interface Outcome {
  readonly fpr: bigint;
  readonly gr: bigint;
  readonly fpc: number;
  readonly cc: number;
  readonly code: number;
}

class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }
  bits(): bigint {
    return (BigInt(this.below(2 ** 32)) << 32n) | BigInt(this.below(2 ** 32));
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

const view = new DataView(new ArrayBuffer(8));
const longBits = (value: number): bigint => {
  view.setFloat64(0, value);
  return view.getBigUint64(0);
};
const longOf = (bits: bigint): number => {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
};
const shortBits = (value: number): bigint => {
  view.setFloat32(0, value);
  return BigInt(view.getUint32(0)) << 32n;
};
const shortOf = (bits: bigint): number => {
  view.setBigUint64(0, bits);
  return view.getFloat32(0);
};

const numbers = [
  ...[1 - 2 ** -53, 1 - 2 ** -24],
  ...[0, 1, 1.5, 2, 3, 10, 0.1, 1 / 3, 0.5, 2.5, 0.49999999999999994, 0.49999997, 8388607.5, 16777217],
  ...[2 ** 31 - 1, 2 ** 31 - 0.5, 2 ** 31, 2 ** 32 - 1, 2 ** 32 - 0.5, 2 ** 32, 2 ** 52 + 0.5, 2 ** 53 - 1],
  ...[2 ** 63 - 1024, 2 ** 63, 2 ** 64 - 2048, 2 ** 64, 1e300, 1e-300, 2 ** -1022, 2 ** -1074, 2 ** -149],
  ...[
    2 ** -126,
    2 ** -126 - 2 ** -149,
    3.4028234663852886e38,
    Number.MAX_VALUE,
    Infinity,
    2 ** 500,
    2 ** -537,
  ],
];
const edges: Readonly<Record<'short' | 'long', readonly bigint[]>> = {
  long: [
    ...numbers.flatMap((value) => [longBits(value), longBits(-value)]),
    ...[0x7ff8_0000_0000_0000n, 0xfff8_0000_0000_0001n, 0x7ff0_0000_0000_0001n, 0xfff4_0000_0000_0000n],
    ...[0x0010_0000_0000_0001n, 0x000f_ffff_ffff_ffffn, 0x0020_0000_0000_0000n, 0x001f_ffff_ffff_ffffn],
  ],
  short: [
    ...numbers.flatMap((value) => [shortBits(value), shortBits(-value)]),
    ...[0x7fc0_0000n, 0xffc0_0001n, 0x7f80_0001n, 0xffa0_0000n, 0x0080_0001n, 0x007f_ffffn, 0x0100_0000n].map(
      (bits) => bits << 32n,
    ),
  ],
};
const integers = [0, 1, 24, 31, 32, 53, 62, 63].flatMap((power) =>
  [-1n, 0n, 1n, 3n].flatMap((more) => [(1n << BigInt(power)) + more, -(1n << BigInt(power)) + more]),
);

const PLAIN = [0, 0x0008_0000];
const FPCS = [
  ...[0x0008_0001, 0x0008_0002, 0x0008_0003, 0x0008_0007, 1, 2, 3, 7, 0x00f8_0070],
  ...[0x8000_0000, 0x4008_0000, 0x2000_0000, 0x2008_0000, 0x1000_0000, 0x1008_0000, 0x0800_0000, 0x0808_0000],
  ...[0xf800_0000, 0xf808_0003, 0x0400_0000, 0x1008_0001],
];

/** A number that is often exact in sums and products, often near the ends of its format, and sometimes anything. */
function randomNumber(random: Random, format: 'short' | 'long'): bigint {
  const [fraction, bias] = format === 'long' ? [52, 1023] : [23, 127];
  const kind = random.below(10);
  if (kind === 0) return random.bits();
  if (kind === 1) return random.pick(edges[format]);
  if (kind === 2) {
    const value = (random.below(4000) - 2000) / random.pick([1, 2, 4, 1024]);
    return format === 'long' ? longBits(value) : shortBits(value);
  }
  const range = random.pick([2, 8, 60, bias]);
  const nearEnd = random.pick([0, 0, 0, 1 - bias, bias, -bias / 2, bias / 2]);
  const exponent = Math.floor(nearEnd + bias + random.below(2 * range + 1) - range);
  const digits = random.pick([1, 4, 12, 24, 26, 27, 53]);
  const significand = random.bits() & ((1n << BigInt(fraction)) - 1n);
  const kept =
    (significand >> BigInt(Math.max(0, fraction - digits))) << BigInt(Math.max(0, fraction - digits));
  const biased = BigInt(Math.min(Math.max(exponent, 0), 2 * bias));
  const bits = (biased << BigInt(fraction)) | kept;
  const sign = BigInt(random.below(2)) << 63n;
  return format === 'long' ? bits | sign : (bits << 32n) | sign;
}

/** Something that nearly cancels against a product, or a quotient or root that is exact. */
function related(random: Random, format: 'short' | 'long', a: bigint, b: bigint): bigint {
  const [value, bits, step] =
    format === 'long' ? ([longOf, longBits, 1n] as const) : ([shortOf, shortBits, 1n << 32n] as const);
  const product = bits(value(a) * value(b));
  const sign = BigInt(random.below(2)) << 63n;
  return BigInt.asUintN(64, (product ^ sign) + BigInt(random.below(3) - 1) * step);
}

/** Factors whose product lies half way between two numbers, and an addend too small to be seen but for that. */
function halfWay(random: Random, format: 'short' | 'long'): [bigint, bigint, bigint] {
  const [bits, digits, least] =
    format === 'long' ? ([longBits, 27, 50] as const) : ([shortBits, 12, 20] as const);
  const factor = (length: number) => 2 ** (length - 1) + 1 + 2 * random.below(2 ** (length - 2));
  const sign = random.pick([1, -1]);
  const extra = format === 'long' ? 0 : 1;
  const tiny = random.pick([0, 1, -1, 1.5]) * 2 ** (2 * digits - least - random.below(2 * least));
  return [bits(sign * factor(digits)), bits(factor(digits + extra)), bits(tiny)];
}

function cases(seed: number, format: 'short' | 'long', pairs: boolean): Case[] {
  const random = new Random(seed);
  const fpc = () => random.pick(random.below(2) === 0 ? PLAIN : FPCS);
  const around = () => ({ fpc: fpc(), integer: random.bits(), old: random.bits(), cc: random.below(4) });
  const list: Case[] = [];
  const chosen = pairs ? edges[format].filter((_, i) => i % 4 === seed % 4) : [random.bits()];
  for (const second of edges[format]) {
    for (const first of chosen) {
      const third = random.pick(edges[format]);
      for (const mode of PLAIN) list.push({ first, second, third, ...around(), fpc: mode });
      list.push({ first, second, third, ...around() });
    }
  }
  for (const integer of integers) {
    for (const fpc of PLAIN) {
      const second = random.pick(edges[format]);
      const more = { ...around(), integer: BigInt.asUintN(64, integer), fpc };
      list.push({ first: 0n, second, third: 0n, ...more });
    }
  }
  for (let i = 0; i < RANDOM_CASES; i++) {
    const kind = random.below(5);
    const [a, b, c] =
      kind === 4
        ? halfWay(random, format)
        : ([0, 1, 2].map(() => randomNumber(random, format)) as [bigint, bigint, bigint]);
    const shift = BigInt(random.below(64));
    const more = { ...around(), integer: BigInt.asUintN(64, BigInt.asIntN(64, random.bits()) >> shift) };
    const low = format === 'short' ? BigInt(random.below(2 ** 32)) : 0n;
    const first = kind === 0 ? related(random, format, a, b) : c;
    const second = kind === 1 ? related(random, format, a, a) : b;
    list.push({ first: first ^ low, second, third: a, ...more });
  }
  return list;
}

/** Executes one instruction on all cases; it finds its operands in FPR 1, FPR 2 or storage, FPR 9 and GPR 2. */
function execute(cpu: TestCpu, source: string, list: readonly Case[]): Outcome[] {
  const bytes = new Uint8Array(list.length * CASE_SIZE);
  const data = new DataView(bytes.buffer);
  list.forEach((each, i) => {
    const at = i * CASE_SIZE;
    data.setUint32(at, each.fpc);
    [each.first, each.second, each.third, each.integer, each.old, BigInt(each.cc) << 28n].forEach(
      (value, j) => {
        data.setBigUint64(at + 8 + 8 * j, value);
      },
    );
  });
  cpu.setBytes(CASES, bytes);
  const program = `
    again: lfpc 0(%r10)
    ld %f1,8(%r10)
    ld %f2,16(%r10)
    ld %f9,24(%r10)
    lmg %r1,%r3,32(%r10)
    lgr %r0,%r2
    lgr %r2,%r1
    lgr %r1,%r0
    spm %r3
    ${source}
    std %f1,56(%r10)
    stg %r1,64(%r10)
    stfpc 72(%r10)
    ipm %r4
    st %r4,76(%r10)
    la %r10,${CASE_SIZE}(%r10)
    brctg %r11,again`;
  cpu.setGr(10, BigInt(CASES));
  cpu.setGr(11, BigInt(list.length));
  const trapped = new Map<number, Outcome>();
  for (;;) {
    const end = cpu.run(program);
    if (end.code === ProgramInterruption.operation) break;
    const at = Number(cpu.gr(10));
    const state = { fpr: cpu.fpr(1), gr: cpu.gr(1), fpc: cpu.fpc, cc: end.cc, code: end.code };
    trapped.set((at - CASES) / CASE_SIZE, state);
    cpu.setGr(10, BigInt(at + CASE_SIZE));
    cpu.setGr(11, cpu.gr(11) - 1n);
    if (cpu.gr(11) === 0n) break;
  }
  const after = new DataView(Uint8Array.from(cpu.bytes(CASES, bytes.length)).buffer);
  return list.map((_, i) => {
    const at = i * CASE_SIZE;
    const left = {
      fpr: after.getBigUint64(at + 56),
      gr: after.getBigUint64(at + 64),
      fpc: after.getUint32(at + 72),
      cc: (after.getUint32(at + 76) >> 28) & 3,
      code: 0,
    };
    return trapped.get(i) ?? left;
  });
}

/** What chapter 19 says, from the evaluation by integers. */
function expected(mnemonic: string, m3: number, m4: number, address: bigint | undefined, of: Case): Outcome {
  const instruction = BFP_INSTRUCTIONS.get(mnemonic);
  if (!instruction) throw new Error(`no ${mnemonic}`);
  const read = (format: BfpFormat | undefined, bits: bigint) => (format === 'short' ? bits >> 32n : bits);
  const { second } = instruction;
  const secondValue =
    typeof second === 'object'
      ? of.integer
      : second === 'address'
        ? BigInt.asUintN(64, address ?? of.integer)
        : read(second, of.second);
  const operands = {
    ...{ first: read(instruction.first, of.first), third: read(instruction.third, of.third) },
    ...{ second: secondValue, m3, m4 },
  };
  const result = instruction.evaluate(operands, of.fpc);
  const trapped = result.dxc !== 0;
  const state = {
    ...{ fpr: of.first, gr: of.old, cc: of.cc },
    fpc: trapped ? withDxc(result.fpc, result.dxc) : result.fpc,
    code: trapped ? ProgramInterruption.data : 0,
  };
  if (result.suppressed) return state;
  const cc = instruction.setsCc ? (result.cc ?? of.cc) : of.cc;
  const { target } = instruction;
  if (typeof target === 'object') return { ...state, cc, gr: integerResult(target, of.old, result.value) };
  const format = result.format ?? target;
  const short = (result.value << 32n) | (of.first & 0xffff_ffffn);
  return { ...state, cc, fpr: format === undefined ? of.first : format === 'short' ? short : result.value };
}

function integerResult({ width }: BfpInteger, old: bigint, value: bigint): bigint {
  const bits = BigInt.asUintN(width, value);
  return width === 64 ? bits : (old & ~0xffff_ffffn) | bits;
}

/** Modifier fields to try: `cgdbr %r1,5,%f2`. */
const MODIFIERS = [0, 1, 3, 4, 5, 6, 7].flatMap((m3) => [0, 4].map((m4) => [m3, m4] as const));

/** The instruction in every form to be tried, as assembler source with what its fields are. */
function* sources(mnemonic: string): Generator<readonly [string, number, number, bigint?]> {
  const row = findInstruction(mnemonic);
  if (!row) throw new Error(`no instruction ${mnemonic}`);
  const address = BFP_INSTRUCTIONS.get(mnemonic)?.second === 'address';
  const operands = row.operands.filter((operand) => operand.kind !== 'mask');
  const names = operands.map(({ name, kind }) => {
    if (kind === 'mem') return address ? '0(%r2)' : '16(%r10)';
    const letter = kind.startsWith('gr') ? 'r' : 'f';
    return `%${letter}${name === 'R3' ? 9 : name === 'R2' ? 2 : 1}`;
  });
  yield* address ? [[`${mnemonic} ${names}`, 0, 0] as const] : [];
  if (address) {
    for (const bit of [0x800, 0x3a5, 0x00f]) yield [`${mnemonic} %f1,${bit}`, 0, 0, BigInt(bit)];
    return;
  }
  if (row.format.name !== 'RRF-e') {
    yield [`${mnemonic} ${names}`, 0, 0];
    return;
  }
  const { extension } = row;
  const code = (row.firstByte << 24) | ((extension?.value ?? 0) << 16);
  for (const [m3, m4] of MODIFIERS) {
    const text = (code | (m3 << 12) | (m4 << 8) | 0x12) >>> 0;
    yield [`.long 0x${text.toString(16)}`, m3, m4];
  }
}

const cpu = new TestCpu();
const mnemonics = [...quickArithmetic, ...quickFused, ...quickCompare, ...quickConvert].map(([name]) => name);

describe.each(['run', 'step'] as const)('%s', (way) => {
  it.each(mnemonics.map((mnemonic, i) => [mnemonic, i] as const))('%s', (mnemonic, seed) => {
    cpu.stepping = way === 'step';
    const instruction = BFP_INSTRUCTIONS.get(mnemonic);
    const format = (instruction?.first ?? instruction?.second) === 'short' ? 'short' : 'long';
    const pairs = instruction?.first !== undefined && instruction.second !== 'address';
    const list = cases(seed, format, pairs);
    for (const [source, m3, m4, address] of sources(mnemonic)) {
      execute(cpu, source, list).forEach((outcome, i) => {
        const of = list[i] as Case;
        const wanted = expected(mnemonic, m3, m4, address, of);
        if (sameOutcome(outcome, wanted)) return;
        expect({ source, ...of, outcome }).toEqual({ source, ...of, outcome: wanted });
      });
    }
  });
});

function sameOutcome(a: Outcome, b: Outcome): boolean {
  return a.fpr === b.fpr && a.gr === b.gr && a.fpc === b.fpc && a.cc === b.cc && a.code === b.code;
}
