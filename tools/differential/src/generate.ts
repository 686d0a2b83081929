/** Making cases: a row's operands at random, near their edges, with registers and storage that suit them. */

import { Random } from '@zarch/arch/testing';
import { type FieldName, findInstruction, type Instruction, instructions } from '@zarch/isa';
import { CaseBuilder } from './builder.ts';
import { type AddressingMode, type Case, INTERRUPTIBLE, prologue, slotAddress } from './case.ts';
import { INSTRUCTION, PROLOGUE, SLOT, TARGET } from './layout.ts';
import { profiles } from './profiles.ts';
import { type FloatFormat, float, floatingPointControl, immediate, integer } from './values.ts';

const TOPICS = new Set(['general', 'BFP', 'FP support']);

/** Instructions whose outcome is not a function of the case. */
const UNSUITABLE = new Set('stck stcke stckf stfle ecag ectg svc mc'.split(' '));

/** Unprivileged general and binary-floating-point instructions out of `defined`. */
export function suitable(defined: readonly string[]): readonly Instruction[] {
  const known = new Set(defined);
  return instructions.filter(
    (row) =>
      TOPICS.has(row.topic) &&
      row.privileged === 'no' &&
      known.has(row.mnemonic) &&
      !UNSUITABLE.has(row.mnemonic),
  );
}

/** Branches to an address in a register, with a mode in some of its bits. */
const MODE_BRANCHES = new Set(['bassm', 'bsm']);
const REGISTER_BRANCHES = new Set(['bcr', 'basr', 'balr', 'bctr', 'bctgr', 'bassm', 'bsm']);
const ADDRESS_BRANCHES = new Set(
  'bc bas bal bct bctg bxh bxle bxhg bxleg crb cgrb clrb clgrb cib cgib clib clgib ex'.split(' '),
);
const RELATIVE_BRANCHES = new Set(
  'brc brcl bras brasl brct brctg brcth brxh brxle brxhg brxlg crj cgrj clrj clgrj cij cgij clij clgij exrl'.split(
    ' ',
  ),
);
const EXECUTES = new Set(['ex', 'exrl']);
/** Addresses that are no operands in storage. */
const PLAIN_ADDRESSES = new Set(
  `la lay lae laey sll srl sla sra sldl srdl slda srda sllg srlg slag srag sllk srlk slak srak rll rllg srnm srnmb
   srnmt tceb tcdb tcxb pfd bpp lxab lxah lxaf lxag lxaq llxab llxah llxaf llxag llxaq`.split(/\s+/),
);

let table: { readonly seed: string; readonly bytes: Uint8Array } | undefined;

/** Bytes from which windows are filled. */
function fillTable(seed: string): Uint8Array {
  if (table?.seed !== seed) {
    const random = new Random(`${seed}:fill`);
    table = { seed, bytes: Uint8Array.from({ length: 0x1_0000 }, () => random.below(256)) };
  }
  return table.bytes;
}

/** Case `number` of an instruction under a seed, for slot `index` of a batch. */
export function generate(seed: string, row: Instruction, number: number, index: number): Case {
  const id = `${seed}:${row.mnemonic}:${number}`;
  const random = new Random(id);
  const modes: readonly AddressingMode[] = [24, 31, 64];
  const mode = random.chance(80) ? 64 : random.pick(modes);
  const slot = slotAddress(index);
  const executed = row.mnemonic !== 'ex' && row.mnemonic !== 'exrl' && random.chance(10);
  const windows = fillWindows(seed, random);
  const addresses = { slot, instruction: slot + (executed ? TARGET : INSTRUCTION) };
  const c = new CaseBuilder(random, row, mode, windows, addresses);
  const code = new Uint8Array(SLOT);
  chooseFields(c);
  for (const operand of row.operands) if (operand.kind === 'mem') placeOperand(c, operand.name);
  branchRegister(c);
  executeTarget(c, code);
  profiles.get(row.mnemonic)?.(c);
  correlate(c);
  code.set(prologue(mode), PROLOGUE);
  if (executed) wrap(c, code);
  else code.set(c.bytes, INSTRUCTION);
  if (INTERRUPTIBLE.has(row.mnemonic)) {
    // BRC 1 back to the instruction, or to the EXECUTE of it.
    const length = executed ? 6 : row.length;
    code.set([0xa7, 0x14, 0xff, 0x100 - length / 2], INSTRUCTION + length);
  }
  return {
    id,
    mnemonic: row.mnemonic,
    bytes: c.bytes,
    executed,
    mode,
    code,
    gr: c.gr,
    fpr: c.fpr,
    ar: c.ar,
    fpc: floatingPointControl(random),
    cc: random.below(4),
    programMask: random.chance(30) ? random.below(2) * 8 + random.below(4) : 0,
    windows: c.windows,
  };
}

function fillWindows(seed: string, random: Random): Uint8Array {
  const bytes = new Uint8Array(1024);
  const kind = random.below(10);
  if (kind === 0) return bytes;
  if (kind === 1) return bytes.fill(0xff);
  const from = random.below(0x1_0000 - 1024);
  bytes.set(fillTable(seed).subarray(from, from + 1024));
  return bytes;
}

function chooseFields(c: CaseBuilder): void {
  const { random, row } = c;
  for (const operand of row.operands) {
    if (operand.kind === 'mem') {
      if (operand.length) chooseLength(c, operand.length.name);
      continue;
    }
    const { name } = operand;
    switch (operand.kind) {
      case 'gr128':
        c.setField(name, random.chance(92) ? 2 * random.below(8) : random.below(16));
        break;
      case 'fpr128':
        setFloat(
          c,
          name,
          random.chance(95) ? random.pick([0, 1, 4, 5, 8, 9, 12, 13]) : random.below(16),
          'extended',
        );
        break;
      case 'fpr32':
      case 'fpr64':
        setFloat(c, name, random.below(16), operand.kind === 'fpr32' ? 'short' : 'long');
        break;
      case 'rel':
        setRelative(c, name, operand.field.length);
        break;
      case 's':
        c.setField(
          name,
          modulo(
            immediate(random, -(2 ** (operand.field.length - 1)), 2 ** (operand.field.length - 1) - 1),
            operand.field.length,
          ),
        );
        break;
      case 'u':
        c.setField(name, immediate(random, 0, 2 ** operand.field.length - 1));
        break;
      default:
        c.setField(name, random.below(2 ** operand.field.length));
    }
  }
}

function modulo(value: number, bits: number): number {
  return value < 0 ? value + 2 ** bits : value;
}

function chooseLength(c: CaseBuilder, name: FieldName): void {
  const field = c.row.format.fields.find((candidate) => candidate.name === name);
  if (!field) return;
  const max = 2 ** field.length - 1;
  c.setField(name, c.random.chance(60) ? Math.min(max, c.random.below(24)) : c.random.below(max + 1));
}

function setFloat(c: CaseBuilder, name: FieldName, register: number, format: FloatFormat): void {
  c.setField(name, register);
  const value = float(c.random, format);
  if (format === 'short') c.fpr[register] = (value << 32n) | c.random.bits(32);
  else if (format === 'long') c.fpr[register] = value;
  else {
    c.fpr[register] = value >> 64n;
    c.fpr[(register + 2) & 15] = BigInt.asUintN(64, value);
  }
}

function setRelative(c: CaseBuilder, name: FieldName, bits: number): void {
  const { random, row } = c;
  let target: number;
  if (RELATIVE_BRANCHES.has(row.mnemonic)) target = c.branchTarget();
  else if (row.mnemonic === 'larl' || bits < 20)
    target =
      c.instructionAddress + 2 * (random.below(2 ** Math.min(bits, 16)) - 2 ** (Math.min(bits, 16) - 1));
  else target = c.target(8) & ~1;
  let halfwords = (target - c.instructionAddress) / 2;
  const limit = 2 ** (bits - 1);
  if (halfwords < -limit || halfwords >= limit) halfwords = (c.slotAddress - c.instructionAddress) / 2;
  c.setField(name, modulo(halfwords, bits));
}

function placeOperand(c: CaseBuilder, name: `S${1 | 2 | 3 | 4}`): void {
  const { random, row } = c;
  const number = Number(name.charAt(1)) as 1 | 2 | 3 | 4;
  const { mnemonic } = row;
  if (PLAIN_ADDRESSES.has(mnemonic)) {
    c.setField(`B${number}` as FieldName, random.chance(40) ? 0 : random.below(16));
    if (c.has(`X${number}` as FieldName))
      c.setField(`X${number}` as FieldName, random.chance(40) ? 0 : random.below(16));
    c.setDisplacement(number, random.chance(50) ? random.below(70) : random.next());
    return;
  }
  if (ADDRESS_BRANCHES.has(mnemonic)) {
    c.pointOperand(number, c.branchTarget() + (random.chance(4) ? 1 : 0));
    return;
  }
  const size = footprint(c, number);
  const address = c.target(size);
  c.pointOperand(number, address);
  if (mnemonic === 'bic') c.pokeInteger(c.operandAddress(2), BigInt(c.branchTarget()), 8);
  else if (row.topic === 'BFP') pokeFloat(c);
  else if (random.chance(75) && size <= 16) {
    const value = (integer(random) << 64n) | integer(random);
    c.pokeInteger(c.operandAddress(number), value >> BigInt(128 - 8 * size), size);
  }
}

function pokeFloat(c: CaseBuilder): void {
  const format = c.row.mnemonic.endsWith('eb') ? 'short' : 'long';
  c.pokeInteger(c.operandAddress(2), float(c.random, format), format === 'short' ? 4 : 8);
}

const TABLE_OPERANDS = new Set(['tr', 'trt', 'trtr']);

/** Bytes of a storage operand, roughly. */
function footprint(c: CaseBuilder, number: 1 | 2 | 3 | 4): number {
  const { mnemonic } = c.row;
  if (TABLE_OPERANDS.has(mnemonic) && number === 2) return 256;
  const own = `L${number}` as FieldName;
  if (c.has(own)) return c.field(own) + 1;
  if (c.has('L1')) return c.field('L1') + 1;
  if (c.has('L2')) return c.field('L2') + 1;
  if (/^(lm|stm|lam|stam)/.test(mnemonic)) {
    const count = ((c.field('R3') - c.field('R1')) & 15) + 1;
    return count * (/^(lmg|stmg)/.test(mnemonic) ? 8 : 4);
  }
  const operand = c.row.operands.find((candidate) => candidate.kind !== 'mem');
  switch (operand?.kind) {
    case 'gr32':
    case 'grh32':
    case 'fpr32':
      return 4;
    case 'gr128':
      return 16;
    default:
      return 8;
  }
}

/** EXECUTE of a simple instruction, which mostly is where it should be. */
function executeTarget(c: CaseBuilder, code: Uint8Array): void {
  const { random, row } = c;
  if (!EXECUTES.has(row.mnemonic) || random.chance(20)) return;
  const target = c.slotAddress + TARGET;
  if (row.mnemonic === 'ex') c.pointOperand(2, target);
  else c.setField('RI2', (target - c.instructionAddress) / 2);
  code.set([random.pick([0x18, 0x1a, 0x17, 0x1b, 0x44]), random.below(256)], TARGET);
}

function branchRegister(c: CaseBuilder): void {
  const { random, row } = c;
  if (!REGISTER_BRANCHES.has(row.mnemonic)) return;
  const register = c.field('R2');
  let target = c.dirty(c.branchTarget() + (random.chance(4) ? 1 : 0));
  if (MODE_BRANCHES.has(row.mnemonic))
    target = BigInt(c.branchTarget()) | random.pick([0n, 1n, 0x8000_0000n]);
  c.setRegister(register, target);
}

/** Operands that are equal, or nearly, where they would rarely be. */
function correlate(c: CaseBuilder): void {
  const { random } = c;
  if (!random.chance(20)) return;
  const [r1, r2] = [c.field('R1'), c.field('R2')];
  const kinds = c.row.operands.map((operand) => operand.kind);
  if (kinds.every((kind) => kind.startsWith('gr')) && !c.taken(r1) && !c.taken(r2)) {
    c.gr[r1] = BigInt.asUintN(64, (c.gr[r2] ?? 0n) + BigInt(random.below(3) - 1));
  }
  if (kinds.every((kind) => kind === 'fpr64' || kind === 'fpr32')) {
    const sign = BigInt(random.below(2)) << 63n;
    const step = BigInt(random.below(5) - 2) << (kinds[0] === 'fpr32' ? 32n : 0n);
    c.fpr[r1] = BigInt.asUintN(64, ((c.fpr[r2] ?? 0n) ^ sign) + step);
  }
}

/** EXECUTE RELATIVE LONG of the instruction, with some bits of its second byte in a register. */
function wrap(c: CaseBuilder, code: Uint8Array): void {
  const { random } = c;
  const target = Uint8Array.from(c.bytes);
  let register = 0;
  if (random.chance(60)) {
    const second = target[1] ?? 0;
    const moved = second & random.below(256);
    const free = Array.from({ length: 15 }, (_, i) => i + 1).filter(
      (i) => (Number((c.gr[i] ?? 0n) & 0xffn) & ~second) === 0,
    );
    // What an instruction changes before it is executed again must not change it.
    if (free.length > 0 && !INTERRUPTIBLE.has(c.row.mnemonic) && !/^(mv|cl)cl$/.test(c.row.mnemonic)) {
      register = random.pick(free);
      target[1] = second & ~(Number((c.gr[register] ?? 0n) & 0xffn) & moved);
    }
  }
  code.set(target, TARGET);
  const distance = (TARGET - INSTRUCTION) / 2;
  code.set([0xc6, register << 4, 0, 0, 0, distance], INSTRUCTION);
}

/** The row of a mnemonic. */
export function rowOf(mnemonic: string): Instruction {
  const row = findInstruction(mnemonic);
  if (!row) throw new Error(`no instruction ${mnemonic}`);
  return row;
}
