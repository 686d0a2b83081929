/**
 * What an instruction with its operand fields reads and writes, found by running its definition on a backend that only
 * takes notes. Control flow, register widths and the life of the condition code follow from it.
 */
import type { FieldName, Format, Instruction } from '@zarch/isa';
import { Access } from '@zarch/memory';
import { ByteWriter, FunctionBuilder, I32, I64, Pointer } from '@zarch/wasm';
import { Exit } from '../cpu-layout.ts';
import type { Backend, StorageOperand } from '../semantics/backend.ts';
import type { ConditionCode } from '../semantics/condition-code.ts';
import type { Helpers } from '../semantics/helpers.ts';
import { type DefinitionTable, Semantics } from '../semantics/semantics.ts';
import { constantField, type Text } from './constant-fields.ts';

/** How surely something happens. */
export type Certainty = 'never' | 'sometimes' | 'always';

/** An access of a known size by a base register and a displacement. */
export interface OperandAccess {
  /** Which operand it is; its displacement is not part of the effects. */
  readonly number: 1 | 2 | 3 | 4;
  /** From there. */
  readonly offset: number;
  readonly size: number;
  readonly kind: number;
}

/** How a condition code comes about, and from integers of which type. */
export interface ConditionKind {
  readonly kind: ConditionCode['kind'];
  readonly type: 'i32' | 'i64';
}

/** Sets of general registers have a bit for each, register 0 in the rightmost. */
export interface Effects {
  readonly read32: number;
  readonly read64: number;
  readonly write32: number;
  readonly write64: number;
  /** Base registers of its storage operands; 0 also stands for none. */
  readonly loadsBy: number;
  readonly storesBy: number;
  readonly accesses: readonly OperandAccess[];
  readonly readsCc: boolean;
  readonly writesCc: boolean;
  /** It writes the condition code in one of several ways that it goes. */
  readonly writesCcNested: boolean;
  /** What the condition code that it writes comes from, where that is one thing. */
  readonly condition: ConditionKind | undefined;
  /** It may end in a program interruption. */
  readonly leaves: boolean;
  readonly branches: Certainty;
  /** Where it branches to is known only at run time. */
  readonly dynamicTarget: boolean;
  /** It needs what code for one place cannot give: work outside, registers by a number, another mode. */
  readonly outlined: boolean;
}

const NOTHING = { params: [], results: [] };

class EffectsBackend implements Backend {
  readonly f: FunctionBuilder;
  readonly cpu = Pointer.const(0);
  readonly overflowMasked = true;
  readonly #text: Text;
  read32 = 0;
  read64 = 0;
  write32 = 0;
  write64 = 0;
  loadsBy = 0;
  storesBy = 0;
  readonly accesses: OperandAccess[] = [];
  readsCc = false;
  writesCc = false;
  writesCcNested = false;
  condition: ConditionKind | undefined;
  leaves = false;
  branches: Certainty = 'never';
  dynamicTarget = false;
  outlined = false;

  /** @param code - A buffer for code that nobody reads. */
  constructor(text: Text, code: ByteWriter) {
    this.#text = text;
    this.f = new FunctionBuilder(NOTHING, 32, code);
  }

  effects(): Effects {
    const { read32, read64, write32, write64, loadsBy, storesBy, readsCc, writesCc, writesCcNested } = this;
    const { accesses, condition, leaves, branches, dynamicTarget, outlined } = this;
    return {
      ...{ read32, read64, write32, write64, loadsBy, storesBy, readsCc, writesCc, writesCcNested },
      ...{ accesses, condition, leaves, branches, dynamicTarget, outlined },
    };
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
    return I32.const(this.#text.displacement(number));
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
  writeCc(cc: ConditionCode): void {
    this.condition = { kind: cc.kind, type: cc.a.type };
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
  window({ place }: StorageOperand, size: number | I32, kind: number): undefined {
    if (place && typeof size === 'number') this.accesses.push({ ...place, size, kind });
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

/** What is known of an instruction. */
interface Known {
  /** Which bits 0-31 and 32-47 its effects depend on, and the effects by those. */
  readonly left: number;
  readonly right: number;
  readonly effects: Map<number, Effects | undefined>;
}

/** Finds and remembers effects. */
export class EffectsTable {
  readonly #definitions: DefinitionTable;
  readonly #helpers: Helpers;
  readonly #known = new Map<Instruction, Known>();
  readonly #code = new ByteWriter(4096);

  constructor(definitions: DefinitionTable, helpers: Helpers) {
    this.#definitions = definitions;
    this.#helpers = helpers;
  }

  /** The effects of an instruction; undefined if it has no definition. */
  of(text: Text): Effects | undefined {
    let known = this.#known.get(text.row);
    if (!known) {
      known = { ...significant(text.row.format), effects: new Map() };
      this.#known.set(text.row, known);
    }
    // Bits 0-7 and, in long instructions, 40-47 are operation code, so what is left has 32 bits.
    const key = ((text.left & known.left) << 8) | ((text.right & known.right) >>> 8);
    const found = known.effects.get(key);
    if (found || known.effects.has(key)) return found;
    const effects = this.#find(text);
    known.effects.set(key, effects);
    return effects;
  }

  #find(text: Text): Effects | undefined {
    const definition = this.#definitions.get(text.row.mnemonic);
    if (!definition) return undefined;
    this.#code.clear();
    const backend = new EffectsBackend(text, this.#code);
    const semantics = new Semantics(text.row, backend, this.#helpers);
    semantics.assist = () => {
      backend.outlined = true;
    };
    definition(semantics);
    return backend.effects();
  }
}

/** Displacements, lengths and long immediates change no register and no flow. */
const insignificant = /^(?:D|DL|DH|RI|L)\d$/;

/** Which bits 0-31 and 32-47 of an instruction its effects depend on. */
function significant(format: Format): { readonly left: number; readonly right: number } {
  let [left, right] = [0, 0];
  for (const { name, start, length } of format.fields) {
    if (insignificant.test(name) || length > 8) continue;
    for (let bit = start; bit < start + length; bit++) {
      if (bit < 32) left |= 0x8000_0000 >>> bit;
      else right |= 0x8000 >>> (bit - 32);
    }
  }
  if (left >>> 24 !== 0 || (right & 0xff) !== 0)
    throw new Error(`${format.name} has operands where its code is`);
  return { left, right };
}
