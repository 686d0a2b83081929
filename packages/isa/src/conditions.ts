/**
 * Conditions in extended mnemonics: the mask that each suffix stands for.
 * Principles of Operation, appendix "Assembler-Instruction Formats", sections on extended mnemonics of
 * branch-on-condition, compare-and-branch, compare-and-trap, load/store-on-condition and select.
 */
import { once } from './once.ts';

/** After any operation. Where two suffixes have one mask, the first is the one to print. */
const branchConditions: readonly (readonly [suffix: string, mask: number])[] = [
  ['o', 1],
  ['h', 2],
  ['p', 2],
  ['nle', 3],
  ['l', 4],
  ['m', 4],
  ['nhe', 5],
  ['lh', 6],
  ['ne', 7],
  ['nz', 7],
  ['e', 8],
  ['z', 8],
  ['nlh', 9],
  ['he', 10],
  ['nl', 11],
  ['nm', 11],
  ['le', 12],
  ['nh', 13],
  ['np', 13],
  ['no', 14],
];

/** After a comparison, which cannot set condition code 3. */
const compareConditions: readonly (readonly [suffix: string, mask: number])[] = [
  ['h', 2],
  ['l', 4],
  ['ne', 6],
  ['lh', 6],
  ['e', 8],
  ['nlh', 8],
  ['nl', 10],
  ['he', 10],
  ['nh', 12],
  ['le', 12],
  ['nhe', 4],
  ['nle', 2],
];

const comparing =
  'crj cgrj cij cgij clrj clgrj clij clgij crb cgrb cib cgib clrb clgrb clib clgib ' +
  'crt cgrt cit cgit clrt clgrt clfit clgit clt clgt';

const conditional =
  'loc locg locr locgr locfh locfhr lochi locghi lochhi stoc stocg stocfh selr selgr selfhr';

/** Mnemonics with a condition in them, as `base` with its mask operand fixed. */
export interface ConditionMnemonic {
  readonly name: string;
  readonly base: string;
  readonly mask: number;
}

function family(base: string, before: string, after: string, always?: string): ConditionMnemonic[] {
  const named = branchConditions.map(([suffix, mask]) => ({ name: before + suffix + after, base, mask }));
  return always === undefined ? named : [...named, { name: always, base, mask: 15 }];
}

/** All of them; of those with the same base and mask the one to print comes first. */
export const conditionMnemonics: () => readonly ConditionMnemonic[] = once(() => [
  ...family('bcr', 'b', 'r', 'br'),
  ...family('bc', 'b', '', 'b'),
  ...family('bic', 'bi', '', 'bi'),
  { name: 'jnop', base: 'brc', mask: 0 },
  ...family('brc', 'j', '', 'j'),
  ...family('brc', 'br', '', 'bru'),
  { name: 'jgnop', base: 'brcl', mask: 0 },
  ...family('brcl', 'jg', '', 'jg'),
  ...family('brcl', 'br', 'l', 'brul'),
  ...conditional.split(' ').flatMap((base) => family(base, base, '')),
  ...comparing
    .split(' ')
    .flatMap((base) => compareConditions.map(([suffix, mask]) => ({ name: base + suffix, base, mask }))),
]);
