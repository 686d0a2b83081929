/**
 * Storage-to-storage instructions of one length (Principles of Operation, chapter 7, "MOVE (character)", "AND",
 * "OR", "EXCLUSIVE OR", "COMPARE LOGICAL", "MOVE INVERSE", "MOVE NUMERICS", "MOVE ZONES", "MOVE WITH OFFSET",
 * "MOVE RIGHT TO LEFT").
 */
import { Access } from '@zarch/memory';
import { I32, type I64 } from '@zarch/wasm';
import { Exit } from '../../cpu-layout.ts';
import type { Assist, AssistContext, Span } from '../assist.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';

const operandFunctions = {
  mvc: 'moveOperand',
  nc: 'andOperand',
  oc: 'orOperand',
  xc: 'xorOperand',
  clc: 'compareOperand',
} as const;

export function defineStorageToStorage(table: DefinitionTable): void {
  for (const [mnemonic, helper] of Object.entries(operandFunctions)) {
    table.define(mnemonic, (s) => {
      const { f, cpu } = s;
      const [first, second] = [s.operand(1), s.operand(2)];
      const length = s.field('L1').add(1);
      const status = f.let(
        f.callValue(s.helpers[helper], cpu, first.address, first.ar, second.address, second.ar, length),
      );
      f.if(status.ltS(0), () => s.backend.leave(Exit.program), undefined, false);
      if (mnemonic !== 'mvc') s.setCc(status);
    });
  }
  const byteByByte = { mvcin: moveInverse, mvn: moveDigits(0x0f), mvz: moveDigits(0xf0) };
  for (const [mnemonic, assist] of Object.entries(byteByByte)) {
    table.define(mnemonic, (s) => {
      const [first, second] = [s.operand(1), s.operand(2)];
      assistWith(s, assist, first.address, first.ar, second.address, second.ar, s.field('L1').add(1));
    });
  }
  table.define('mvcrl', (s) => {
    const [first, second] = [s.operand(1), s.operand(2)];
    const length = s.gr32(0).and(0xff).add(1);
    assistWith(s, moveRightToLeft, first.address, first.ar, second.address, second.ar, length);
  });
  table.define('mvo', (s) => twoLengths(s, moveWithOffset));
}

/** Leaves numbers in the block's scratch area, from which {@link operands} takes them, and calls the assist. */
export function assistWith(s: Semantics, assist: Assist, ...values: readonly (I32 | I64)[]): void {
  for (const [i, value] of values.entries()) {
    s.setScratch(i, value instanceof I32 ? value.extendU() : value);
  }
  s.assist(assist);
}

/** Calls an assist of an instruction whose operands have lengths of their own. */
export function twoLengths(s: Semantics, assist: Assist): void {
  const [first, second] = [s.operand(1), s.operand(2)];
  const [length1, length2] = [s.field('L1').add(1), s.field('L2').add(1)];
  assistWith(s, assist, first.address, first.ar, length1, second.address, second.ar, length2);
}

/** Both operands of {@link twoLengths} as spans, or undefined after an access exception. */
export function twoSpans(
  context: AssistContext,
): { first: Span; second: Span; length1: number; length2: number } | undefined {
  const [length1, length2] = [Number(context.scratch(2)), Number(context.scratch(5))];
  const first = context.span(context.scratch(0), length1, Number(context.scratch(1)), Access.write);
  if (!first) return undefined;
  const second = context.span(context.scratch(3), length2, Number(context.scratch(4)), Access.read);
  return second ? { first, second, length1, length2 } : undefined;
}

/** Address, access register, address, access register, length. */
function operands(context: AssistContext, sourceOffset = 0): [Span, Span, number] | undefined {
  const length = Number(context.scratch(4));
  const first = context.span(context.scratch(0), length, Number(context.scratch(1)), Access.write);
  if (!first) return undefined;
  const address = (context.scratch(2) - BigInt(sourceOffset)) & context.addressMask;
  const second = context.span(address, length, Number(context.scratch(3)), Access.read);
  return second && [first, second, length];
}

/** The second operand is designated by its rightmost byte and goes right to left. */
const moveInverse: Assist = (context) => {
  const found = operands(context, Number(context.scratch(4)) - 1);
  if (!found) return context.accessException();
  const [first, second, length] = found;
  for (let i = 0; i < length; i++) first.set(i, second.get(length - 1 - i));
  return 0;
};

/** Replaces the bits of each byte that `mask` selects. */
function moveDigits(mask: number): Assist {
  return (context) => {
    const found = operands(context);
    if (!found) return context.accessException();
    const [first, second, length] = found;
    for (let i = 0; i < length; i++) first.set(i, (first.get(i) & ~mask) | (second.get(i) & mask));
    return 0;
  };
}

const moveRightToLeft: Assist = (context) => {
  const found = operands(context);
  if (!found) return context.accessException();
  const [first, second, length] = found;
  for (let i = length - 1; i >= 0; i--) first.set(i, second.get(i));
  return 0;
};

/** The second operand goes to the left of the first one's rightmost digit, from right to left. */
const moveWithOffset: Assist = (context) => {
  const spans = twoSpans(context);
  if (!spans) return context.accessException();
  const { first, second, length1, length2 } = spans;
  let carried = first.get(length1 - 1) & 0x0f;
  for (let i = 1; i <= length1; i++) {
    const byte = i <= length2 ? second.get(length2 - i) : 0;
    first.set(length1 - i, ((byte & 0x0f) << 4) | carried);
    carried = byte >> 4;
  }
  return 0;
};
