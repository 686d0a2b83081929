/**
 * The declarations, the disassembler and the assembler against the GNU assembler and objdump.
 * Everything goes through each tool in one run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Alias,
  aliases,
  aliasesOf,
  assemble,
  disassemble,
  encode,
  type Instruction,
  instructions,
  type Operand,
} from '../src/index.ts';
import { operandSamples } from './samples.ts';

/** Instructions that `as -march=arch14` (z16) of binutils 2.40 does not know, with the reason. */
const unknownToBinutils: ReadonlyMap<string, string> = new Map([
  ...names(
    `rinext rion tric rioff riemit servc sthyi chsc nqap dqap pqap iucv eqbs clp uvc essa pcistg pcilg rpcit
     pcistgi pciwb pcilgi mpcifc stpcifc stcctm lric stric mric sqbs pcistb sic pcistbi`,
    'named by Linux, QEMU or Hercules only',
  ),
  ...names(
    `clzg ctzg bextg bdepg cal calg calgf lxab llxab lxah llxah lxaf llxaf lxag llxag lxaq llxaq vcvdq vcvbq vtz
     vgem veval vblend vdl vrl vd vr pfcr`,
    'new in z17',
  ),
]);

/** Extended mnemonics that came to binutils after 2.40; a later one that knows them is asked about them. */
const newAliases: ReadonlySet<string> = new Set(
  `llghi jc notgr notr lfi llgfi jcth risblgz rnsbgt rosbgt rxsbgt risbhgz vctzq vclzq vmlhg vmlhq vmlg vmlq vmhg
   vmhq vmleg vmlog vmeg vmog vmalhg vmalhq vmalg vmalq vmahg vmahq vmaleg vmalog vmaeg vmaog vupllg vuplhg vuplg
   vuphg veclq vecq vlcq vlpq vavglq vavgq vceqq vceqqs vchlq vchlqs vchq vchqs vmnlq vmxlq vmnq vmxq`.split(
    /\s+/,
  ),
);

/** Operands that came with z17: zero before. */
const newOperands: ReadonlyMap<string, number> = new Map([
  ['kimd', 2],
  ['klmd', 2],
  ['vtp', 1],
]);

function names(list: string, reason: string): (readonly [string, string])[] {
  return list.split(/\s+/).map((name) => [name, reason]);
}

interface Sample {
  readonly insn: Instruction;
  readonly position: number;
  readonly bytes: Uint8Array;
  /** Our disassembly. */
  readonly text: string;
}

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'zarch-isa-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Runs a tool of binutils; its exit status is the caller's business. */
function run(tool: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const command = `s390x-linux-gnu-${tool}`;
  const result = spawnSync(command, args, { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.error !== undefined) {
    throw new Error(`cannot run ${command} (${result.error.message}): install binutils-s390x-linux-gnu`);
  }
  return result;
}

/** Assembles lines of source for z16; the lines that are in error, by index, with their messages. */
function runAssembler(lines: readonly string[]): { errors: ReadonlyMap<number, string>; bytes: Uint8Array } {
  writeFileSync(join(directory, 'source.s'), `${lines.join('\n')}\n`);
  const { status, stderr } = run('as', '-march=arch14', '-o', 'object.o', 'source.s');
  const errors = new Map<number, string>();
  for (const match of stderr.matchAll(/^source\.s:(\d+): Error: (.*)$/gm)) {
    errors.set(Number(match[1]) - 1, match[2] ?? '');
  }
  if (status !== 0) {
    if (errors.size === 0) throw new Error(`as failed: ${stderr}`);
    return { errors, bytes: new Uint8Array(0) };
  }
  const copy = run('objcopy', '-O', 'binary', '-j', '.text', 'object.o', 'bytes.bin');
  if (copy.status !== 0) throw new Error(`objcopy failed: ${copy.stderr}`);
  return { errors, bytes: new Uint8Array(readFileSync(join(directory, 'bytes.bin'))) };
}

function collectSamples(): readonly Sample[] {
  const samples: Sample[] = [];
  let position = 0;
  for (const insn of instructions) {
    if (unknownToBinutils.has(insn.mnemonic)) continue;
    for (const operands of operandSamples(insn, 5)) {
      const values = operands.map((value, index) => (newOperands.get(insn.mnemonic) === index ? 0 : value));
      const bytes = encode(insn, values);
      const { text } = disassemble(bytes, { address: BigInt(position) });
      samples.push({ insn, position, bytes, text });
      position += bytes.length;
    }
  }
  return samples;
}

/** Relative operands as distances: the assembler takes a number for the distance, not for the target. */
function withDistances({ insn, text, position }: Sample): string {
  if (!insn.operands.some((operand) => operand.kind === 'rel')) return text;
  return text.replaceAll(/0x[0-9a-f]+/g, (target) => {
    const distance = BigInt.asIntN(64, BigInt(target) - BigInt(position));
    return distance < 0n ? `.-${-distance}` : `.+${distance}`;
  });
}

/** objdump leaves out vector register 0 as an index, though it is a register like the others there. */
function asObjdumpWrites(text: string): string {
  return text.replace('(%v0,%r0)', '').replace('(%v0,', '(');
}

function namesOf(insn: Instruction): ReadonlySet<string> {
  return new Set([insn.mnemonic, ...aliasesOf(insn).map((alias) => alias.name)]);
}

/** An operand in source, valid for its kind. */
function operandText(operand: Operand, index: number): string {
  if (operand.kind === 'mem') {
    if (operand.index !== undefined) return '8(%r1,%r2)';
    return operand.length === undefined ? '8(%r2)' : '8(5,%r2)';
  }
  if (operand.kind === 'rel') return '.+8';
  if (operand.kind === 'mask' || operand.kind === 'u' || operand.kind === 's') return '1';
  return operand.kind === 'vr' ? `%v${15 + index}` : `${4 * index}`;
}

/** An extended mnemonic with all its operands, and without the optional ones. */
function aliasLines({
  name,
  instruction: insn,
  settings,
  full,
}: Alias): { name: string; text: string; length: number }[] {
  const given = insn.operands.flatMap((operand, index) => {
    const setting = settings.get(operand.name);
    if (setting?.how === 'fixed' || setting?.how === 'same as') return [];
    const made = setting?.how === 'optional' || (setting?.how === 'or' && setting.optional);
    return [{ text: operandText(operand, index), optional: made || (operand.optional && !full), operand }];
  });
  const required = given.filter(({ optional, operand }) => !optional || operand.name === 'I5');
  const variants = required.length === given.length ? [given] : [given, required];
  return variants.map((shown) => ({
    name,
    text: `${name} ${shown.map(({ text }) => text).join(',')}`,
    length: insn.length,
  }));
}

const samples = collectSamples();

describe('binutils', () => {
  test('assembles our disassembly to the same bytes', () => {
    const { errors, bytes } = runAssembler(samples.map(withDistances));
    expect(Array.from(errors, ([index, message]) => `${samples[index]?.text}: ${message}`)).toEqual([]);
    const different = samples.flatMap((sample) => {
      const theirs = bytes.subarray(sample.position, sample.position + sample.bytes.length).toHex();
      const ours = sample.bytes.toHex();
      return theirs === ours ? [] : [`${sample.text}: ${theirs}, not ${ours}`];
    });
    expect(different).toEqual([]);
  });

  test('disassembles what we assemble to the same instruction', () => {
    const code = new Uint8Array(samples.reduce((sum, sample) => sum + sample.bytes.length, 0));
    for (const { text, position } of samples) {
      const result = assemble(text, { address: BigInt(position) });
      if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
      code.set(result.bytes, position);
    }
    writeFileSync(join(directory, 'code.bin'), code);
    const { stdout, stderr } = run(
      'objdump',
      ...['-D', '-z', '-b', 'binary', '-m', 's390:64-bit', '--no-show-raw-insn', 'code.bin'],
    );
    const theirs = new Map<number, string>();
    for (const match of stdout.matchAll(/^ *([0-9a-f]+):\s+(\S+.*)$/gm)) {
      theirs.set(Number.parseInt(match[1] ?? '', 16), match[2] ?? '');
    }
    expect(theirs.size, stderr).toBe(samples.length);
    const different = samples.flatMap(({ insn, position, text }) => {
      const their = theirs.get(position) ?? 'nothing';
      const name = their.split(/\s/)[0] ?? '';
      if (!namesOf(insn).has(name)) return [`${text}: ${their}`];
      const same = their.replace(/\s+/, ' ').trim() === asObjdumpWrites(text);
      return name !== text.split(' ')[0] || same ? [] : [`${text}: ${their}`];
    });
    expect(different).toEqual([]);
  });

  test('does not know the instructions that are listed as such', () => {
    const listed = instructions.filter((insn) => unknownToBinutils.has(insn.mnemonic));
    expect(listed).toHaveLength(unknownToBinutils.size);
    const lines = listed.map((insn) => {
      const operands = operandSamples(insn, 0)[0] ?? [];
      return disassemble(encode(insn, operands)).text;
    });
    const { errors } = runAssembler(lines);
    expect(listed.filter((_, index) => !errors.has(index)).map((insn) => insn.mnemonic)).toEqual([]);
  });

  test('assembles extended mnemonics to the same bytes', () => {
    const known = aliases().filter((alias) => !unknownToBinutils.has(alias.instruction.mnemonic));
    const candidates = known.flatMap(aliasLines);
    const { errors } = runAssembler(candidates.map(({ text }) => text));
    const rejected = candidates.filter((_, index) => errors.has(index));
    expect(rejected.filter(({ name }) => !newAliases.has(name)).map(({ text }) => text)).toEqual([]);
    const lines = candidates.filter((_, index) => !errors.has(index));
    const { bytes } = runAssembler(lines.map(({ text }) => text));
    let position = 0;
    const different: string[] = [];
    for (const { text, length } of lines) {
      const theirs = bytes.subarray(position, position + length).toHex();
      const result = assemble(text, { address: BigInt(position) });
      const ours = result.ok ? result.bytes.toHex() : result.error.message;
      if (theirs !== ours) different.push(`${text}: ${theirs}, not ${ours}`);
      position += length;
    }
    expect(different).toEqual([]);
  });
});
