/**
 * What a region remembers only for those who leave it: the last branch that was taken, and what a condition code comes
 * from that is handed on. It is one local, as each has to be moved, and mostly stored, wherever paths meet.
 */
import { type FunctionBuilder, type I32, I64, type Local } from '@zarch/wasm';
import type { ConditionCode } from '../semantics/condition-code.ts';
import { conditionNumber } from '../semantics/condition-helper.ts';

/** From the right: the number of the condition code's kind, whether its second operand is here too, and that operand. */
const NUMBER = 0x1f;
const HAS_OPERAND = 0x20;
const OPERAND = 6;
const OPERAND_BITS = 25;
/** What remains is the offset of the branch, and one; zero while it is in the vCPU's block. */
const BRANCH = OPERAND + OPERAND_BITS;
/** All but the branch: an immediate operand on most hosts, and so is its complement. */
const CONDITION = (1n << BigInt(BRANCH)) - 1n;

/** Offsets of branches lie within this of the page of the region's entry. */
export const REACH = 2 ** (63 - BRANCH) - 2;

/** A condition code's part. */
export type HandedCondition = bigint & { readonly __brand: 'HandedCondition' };

/** A code that is in its own local. */
export const OWN_LOCAL = 0n as HandedCondition;

/** The second operand, if it is a constant that there is room for. */
function packedOperand(cc: ConditionCode): bigint | undefined {
  if (!('b' in cc) || cc.b.constant === undefined) return undefined;
  const value = BigInt(cc.b.constant);
  return BigInt.asIntN(OPERAND_BITS, value) === value ? value : undefined;
}

/** What a code comes from, for history; with its second operand where {@link hasOperand} says so. */
export function packed(cc: ConditionCode): HandedCondition {
  const operand = packedOperand(cc);
  const number = BigInt(conditionNumber(cc));
  if (operand === undefined) return number as HandedCondition;
  const field = BigInt.asUintN(OPERAND_BITS, operand) << BigInt(OPERAND);
  return (field | BigInt(HAS_OPERAND) | number) as HandedCondition;
}

/** What a code comes from whose operands are in their locals. */
export function unpacked(cc: ConditionCode): HandedCondition {
  return BigInt(conditionNumber(cc)) as HandedCondition;
}

export function hasOperand(condition: HandedCondition): boolean {
  return (condition & BigInt(HAS_OPERAND)) !== 0n;
}

export class History {
  readonly #f: FunctionBuilder;
  readonly #local: Local<'i64'>;

  constructor(f: FunctionBuilder) {
    this.#f = f;
    this.#local = f.local('i64');
  }

  /**
   * Notes what is known; what is undefined stays as it is.
   *
   * @param branch - Offset and one, or 0.
   */
  note(branch: number | undefined, condition: HandedCondition | undefined): void {
    if (branch === undefined && condition === undefined) return;
    const old = this.#local.get();
    const last = branch === undefined ? old.and(~CONDITION) : I64.const(BigInt(branch) << BigInt(BRANCH));
    this.#f.set(this.#local, last.or(condition === undefined ? old.and(CONDITION) : condition));
  }

  /** Offset of the last branch that was taken, and one; 0 while it is in the vCPU's block. */
  branch(): I64 {
    return this.#local.get().shrS(BRANCH);
  }
  /** The number of the kind of operands that the code comes from; 0 when it is in its own local. */
  number(): I32 {
    return this.#local.get().wrap().and(NUMBER);
  }
  /** The second operand, which is in `own` where it is not here. */
  operand(own: I32): I32 {
    const { packed, isHere } = this.#operand();
    return this.#f.select(isHere, packed, own);
  }
  wideOperand(own: I64): I64 {
    const { packed, isHere } = this.#operand();
    return this.#f.select(isHere, packed.extendS(), own);
  }

  #operand(): { readonly packed: I32; readonly isHere: I32 } {
    const right = this.#local.get().wrap();
    return { packed: right.shl(32 - BRANCH).shrS(32 - OPERAND_BITS), isHere: right.and(HAS_OPERAND) };
  }
}
