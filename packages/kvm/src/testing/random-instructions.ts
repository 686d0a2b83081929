/** Instructions with operands at random, as assembler text: unprivileged ones that do not branch, the frequent ones more often. */
import type { Random } from '@zarch/arch/testing';
import { createDefinitions } from '@zarch/cpu';
import { type Instruction, instructions, type Operand, operandRange, type StorageOperand } from '@zarch/isa';

/** Registers by what programs use them for; those from 11 on count loops and hold return addresses. */
export const DATA = [0, 1, 2, 3, 4, 5];
export const BASES = [6, 7, 8, 9];
/** Holds a small number as a rule. */
export const INDEX = 10;

/** Of which a place in a program is full: they set condition codes that depend on operands. */
const sums =
  words(`ar agr a ag ahi aghi ahik aghik ark agrk alr algr al alg alfi algfi alrk algrk alhsik alghsik sr sgr s
  sg srk sgrk slr slgr sl slg slfi slgfi slrk slgrk afi agfi ah agf agfr alcr alcgr slbr slbgr alc alcg slb slbg asi agsi
  alsi algsi lcr lcgr lpr`);
const comparisons =
  words(`cr cgr clr clgr c cg cl clg chi cghi cfi clfi clgfi ltr ltgr lt ltg tm tmll tmhh icm clc clm
  cli chsi clhhsi nr ngr n xr xgr or ogr nilf xilf oilf risbg rosbg rxsbg rnsbg sla slag srak lpr lngr cgfr clgfr`);
const consumers =
  words(`ipm locr locgr loc locg stoc stocg lochi locghi selr selgr alcr alcgr slbr slbgr alc alcg slb slbg
  ipm alcr slbr locgr`);
const moves =
  words(`l lg lgf llgf st stg sth stc lh lgh llh llgh ic llc llgc lb lgb ly sty sthy lay la lr lgr lgfr llgfr
  lhi lghi lgfi llilf iilf iihf lmg stmg lm stm mvc mvi mvhi mvghi mvhhi icm stcm icmy stcmy xc oc nc lrv strv lmh stmh sll
  srl sra sllg srlg srag rll rllg msr msgr mghi mlgr lat lfh stfh risbhg risblg lrvg strvg mvhi icmh stcmh`);
const floats = words(
  `ld std le ste adbr sdbr mdbr adb mdb cdb cdbr ltdbr ldeb ledbr cdgbr cgdbr madbr aebr meebr lgdr ldgr`,
);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Branches and what ends in a way that is not a function of operands, or takes as long as registers say. */
const unsuitable: ReadonlySet<string> = new Set(
  words(`svc mc stck stcke stckf stfle ecag ectg ptff pfpo plo bsm bassm sam24 sam31 sam64 tam bakr pr pc pt pti trap2 trap4
  tbegin tbeginc tend tabort ex exrl brc brcl bras brasl brct brctg brcth brxh brxle brxhg brxlg crj cgrj clrj clgrj cij cgij
  clij clgij bc bcr bas basr bal balr bct bctr bctg bctgr bxh bxle bxhg bxleg bic crb cgrb clrb clgrb cib cgib clib clgib
  mvcl clcl mvcle clcle mvclu clclu cksm clst mvst srst srstu cuse cmpsc tre troo trot trto trtt trte trtre cu12 cu14 cu21
  cu24 cu41 cu42 cfc upt bpp bprp`),
);
const topics: ReadonlySet<string> = new Set(['general', 'BFP', 'FP support']);

const defined = createDefinitions();
const suitable = instructions.filter(
  ({ mnemonic, topic, privileged, operands }) =>
    topics.has(topic) &&
    privileged === 'no' &&
    defined.get(mnemonic) !== undefined &&
    !unsuitable.has(mnemonic) &&
    operands.every(({ kind }) => kind !== 'vr' && kind !== 'cr'),
);
const byName = new Map(suitable.map((row) => [row.mnemonic, row]));
const rowsOf = (names: readonly string[]): readonly Instruction[] =>
  names.map((name) => {
    const row = byName.get(name);
    if (!row) throw new Error(`no instruction ${name}`);
    return row;
  });

const kinds = {
  sum: rowsOf(sums),
  comparison: rowsOf(comparisons),
  consumer: rowsOf(consumers),
  move: rowsOf(moves),
  float: rowsOf(floats),
  any: suitable,
} as const;
export type Kind = keyof typeof kinds;

/** Storage operands that are addresses, shift amounts and the like. */
const plain =
  /^(la|lay|lae|laey|s[lr][al]g?k?|s[lr]d[al]|rllg?|srnmb?|srnmt|t[ced]..|pfd|bpp|niai|lxa.|llxa.)$/;
/** Instructions on all registers from one to another: those from 6 on hold what programs rely on. */
const loadsMultiple = /^lm[gyhd]?$/;

/** Where programs' operands are: relative to base registers. */
export interface Places {
  /** Displacements near which operands lie. */
  readonly displacements: readonly number[];
  /** The base register, as a rule, when they are all near each other. */
  readonly base?: number;
  /** Addresses of operands without a base. */
  readonly addresses: readonly number[];
}

/** One instruction of a kind. */
export function randomInstruction(random: Random, kind: Kind, places: Places): string {
  const row = random.pick(kinds[kind]);
  const multiple = loadsMultiple.test(row.mnemonic);
  const first = random.below(6);
  const operands = row.operands
    .filter((operand) => !operand.optional || operand.name === 'I5')
    .map((operand) => {
      if (multiple && operand.name === 'R1') return `%r${first}`;
      if (multiple && operand.name === 'R3') return `%r${first + random.below(6 - first)}`;
      return operandText(random, row, operand, places);
    });
  return `${row.mnemonic} ${operands.join(',')}`;
}

function operandText(random: Random, row: Instruction, operand: Operand, places: Places): string {
  if (operand.kind === 'mem') return storageText(random, row, operand, places);
  const { min, max } = operandRange(operand);
  switch (operand.kind) {
    case 'gr':
    case 'gr32':
    case 'gr64':
    case 'grh32':
      return `%r${general(random)}`;
    case 'gr128':
      return `%r${random.pick([0, 2, 4])}`;
    case 'fpr32':
    case 'fpr64':
      return `%f${random.below(6)}`;
    case 'fpr128':
      return `%f${random.pick([0, 1, 4, 5])}`;
    case 'ar':
      return `%a${random.below(4)}`;
    case 'rel':
      return `${random.pick(places.addresses)}`;
    default:
      return `${random.pick([min, max, between(random, min, max), small(random, min, max)])}`;
  }
}

const between = (random: Random, min: number, max: number): number => min + random.below(max - min + 1);
const small = (random: Random, min: number, max: number): number =>
  Math.min(max, Math.max(min, random.below(19) - 9));

/** A register for data as a rule, and now and then one that addresses depend on. */
function general(random: Random): number {
  if (random.once(30)) return random.pick(BASES);
  return random.once(30) ? INDEX : random.pick(DATA);
}

function storageText(random: Random, row: Instruction, operand: StorageOperand, places: Places): string {
  if (plain.test(row.mnemonic)) {
    const base = random.once(2) ? '' : `(%r${random.pick(DATA)})`;
    return `${random.once(2) ? random.below(64) : random.below(4096)}${base}`;
  }
  const displacement = displacementFor(random, operand.displacementHigh !== undefined, places);
  const usual = random.once(150) ? random.pick(DATA) : random.pick(BASES);
  const base = places.base !== undefined && random.chance(80) ? places.base : usual;
  if (operand.length) {
    const longest = 2 ** operand.length.length;
    const length = 1 + (random.once(4) ? random.below(longest) : random.below(Math.min(longest, 20)));
    return `${displacement}(${length},%r${base})`;
  }
  if (operand.index && random.once(8)) return `${displacement}(%r${INDEX},%r${base})`;
  if (operand.register) return `${displacement}(%r${random.pick(DATA)},%r${base})`;
  return `${displacement}(%r${base})`;
}

/** Most are near each other. */
function displacementFor(random: Random, long: boolean, { displacements, base }: Places): number {
  if (base !== undefined) return random.pick(displacements) + 8 * random.below(4);
  const near = random.pick(displacements) + (random.once(6) ? random.below(64) : 8 * random.below(9));
  if (long) return random.once(6) ? random.below(8192) - 4096 : near;
  return random.once(20) ? random.below(4096) : near & 0xfff;
}
