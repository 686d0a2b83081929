/**
 * What an instruction with its operand fields reads and writes, found by running its definition on a backend that only
 * takes notes. Control flow, register widths and the life of the condition code follow from it.
 */
import type { FieldName, Format, Instruction } from '@zarch/isa';
import { Access } from '@zarch/memory';
import { FunctionBuilder, I32, I64, Pointer } from '@zarch/wasm';
import { Exit } from '../cpu-layout.ts';
import type { ConditionCode } from '../semantics/condition-code.ts';
import type { Helpers } from '../semantics/helpers.ts';
import { type Backend, type DefinitionTable, Semantics } from '../semantics/semantics.ts';
import { constantDisplacement, constantField, type Text } from './constant-fields.ts';

/** How surely something happens. */
export type Certainty = 'never' | 'sometimes' | 'always';

/** Sets of general registers have a bit for each, register 0 in the rightmost. */
export interface Effects {
  readonly read32: number;
  readonly read64: number;
  readonly write32: number;
  readonly write64: number;
  /** Base registers of its storage operands; 0 also stands for none. */
  readonly loadsBy: number;
  readonly storesBy: number;
  readonly readsCc: boolean;
  readonly writesCc: boolean;
  /** It writes the condition code in one of several ways that it goes. */
  readonly writesCcNested: boolean;
  /** It may end in a program interruption. */
  readonly leaves: boolean;
  readonly branches: Certainty;
  /** Where it branches to is known only at run time. */
  readonly dynamicTarget: boolean;
  /** It needs what code for one place cannot give: work outside, registers by a number, another mode. */
  readonly outlined: boolean;
}

class EffectsBackend implements Backend {
  readonly f = new FunctionBuilder({ params: [], results: [] }, 32);
  readonly cpu = Pointer.const(0);
  readonly overflowMasked = true;
  readonly #text: Text;
  read32 = 0;
  read64 = 0;
  write32 = 0;
  write64 = 0;
  loadsBy = 0;
  storesBy = 0;
  readsCc = false;
  writesCc = false;
  writesCcNested = false;
  leaves = false;
  branches: Certainty = 'never';
  dynamicTarget = false;
  outlined = false;

  constructor(text: Text) {
    this.#text = text;
  }

  #certainty(): Certainty {
    return this.f.depth === 0 ? 'always' : 'sometimes';
  }
  #bit(number: I32): number {
    if (number.constant === undefined) {
      this.outlined = true;
      return 0;
    }
    return 1 << Number(number.constant);
  }
  field(name: FieldName): I32 {
    return constantField(this.#text, name);
  }
  displacement(number: 1 | 2 | 3 | 4): I32 {
    return constantDisplacement(this.#text, number);
  }
  readGr(number: I32): I64 {
    this.read64 |= this.#bit(number);
    return this.f.local('i64').get();
  }
  readGr32(number: I32): I32 {
    this.read32 |= this.#bit(number);
    return this.f.local('i32').get();
  }
  writeGr(number: I32, _value: I64): void {
    this.write64 |= this.#bit(number);
  }
  writeGr32(number: I32, _value: I32): void {
    this.write32 |= this.#bit(number);
  }
  readCc(): I32 {
    if (!this.writesCc) this.readsCc = true;
    return this.f.local('i32').get();
  }
  writeCc(_cc: ConditionCode): void {
    if (this.#certainty() === 'always') this.writesCc = true;
    else this.writesCcNested = true;
  }
  ccSelected(mask: I32): I32 {
    const { constant } = mask;
    if (constant === 0 || constant === 15) return I32.const(constant);
    return this.readCc();
  }
  is64(): I32 {
    return I32.const(1);
  }
  dataContext(): I64 {
    return I64.const(0);
  }
  pageCache(base: I32, kind: number): undefined {
    if (kind === Access.write) this.storesBy |= this.#bit(base);
    else this.loadsBy |= this.#bit(base);
    return undefined;
  }
  addressMask(): I64 {
    return I64.const(-1n);
  }
  nextAddress(): I64 {
    return I64.const(0);
  }
  instructionAddress(): I64 {
    return I64.const(0);
  }
  branch(_target: I64): void {
    this.branches = this.#certainty();
    this.dynamicTarget = true;
  }
  branchRelative(_halfwords: I32): void {
    this.branches = this.#certainty();
  }
  leave(exit: number): void {
    if (exit === Exit.program) this.leaves = true;
    else this.outlined = true;
  }
  slowly(_body: () => void): void {
    this.leaves = true;
  }
  refetch(): void {
    this.outlined = true;
  }
  execute(_address: I64, _modifier: I32): void {
    this.outlined = true;
  }
}

/** Finds and remembers effects. */
export class EffectsTable {
  readonly #definitions: DefinitionTable;
  readonly #helpers: Helpers;
  readonly #known = new Map<Instruction, Map<number, Effects | undefined>>();

  constructor(definitions: DefinitionTable, helpers: Helpers) {
    this.#definitions = definitions;
    this.#helpers = helpers;
  }

  /** The effects of an instruction; undefined if it has no definition. */
  of(text: Text): Effects | undefined {
    let known = this.#known.get(text.row);
    if (!known) {
      known = new Map();
      this.#known.set(text.row, known);
    }
    const key = effectsKey(text);
    const found = known.get(key);
    if (found || known.has(key)) return found;
    const effects = this.#find(text);
    known.set(key, effects);
    return effects;
  }

  #find(text: Text): Effects | undefined {
    const definition = this.#definitions.get(text.row.mnemonic);
    if (!definition) return undefined;
    const backend = new EffectsBackend(text);
    const semantics = new Semantics(text.row, backend, this.#helpers);
    semantics.assist = () => {
      backend.outlined = true;
    };
    definition(semantics);
    return backend;
  }
}

/** Displacements, lengths and long immediates change no register and no flow. */
const insignificant = /^(?:D|DL|DH|RI|L)\d$/;

/** Which bits 0-31 and 32-47 of an instruction its effects depend on. */
const masks = new Map<Format, { readonly left: number; readonly right: number }>();

function significant(format: Format): { readonly left: number; readonly right: number } {
  let mask = masks.get(format);
  if (!mask) {
    let [left, right] = [0, 0];
    for (const { name, start, length } of format.fields) {
      if (insignificant.test(name) || length > 8) continue;
      for (let bit = start; bit < start + length; bit++) {
        if (bit < 32) left |= 0x8000_0000 >>> bit;
        else right |= 0x8000 >>> (bit - 32);
      }
    }
    mask = { left, right };
    masks.set(format, mask);
  }
  return mask;
}

function effectsKey({ row, left, right }: Text): number {
  const mask = significant(row.format);
  return ((left & mask.left) >>> 0) * 0x1_0000 + (right & mask.right);
}
