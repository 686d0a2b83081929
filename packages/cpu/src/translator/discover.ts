/**
 * Finds the region that begins at an address: what can be reached from there by branches whose targets are known, calls
 * included, up to a size. Where the address is the head of a loop that is larger, it is that loop.
 */
import { decode, instructionLength } from '@zarch/isa';
import { Text } from './constant-fields.ts';
import type { EffectsTable } from './effects.ts';
import { REACH } from './history.ts';
import { treatment } from './inlined.ts';
import { type Blocks, headOf, loopAround, sizeOf, without } from './loops.ts';
import { type Block, type CodePage, pageOf, type Region, type RegionInstruction } from './region.ts';

/** What is known of the guest when a region is looked for. */
export interface Surroundings {
  /** Where code is read from; undefined where nothing is mapped, as far as is known. */
  page(number: number): CodePage | undefined;
  /** Whether the guest is offered a facility: instructions of others are exceptions. */
  offers(facility: number): boolean;
  /** Whether a place has been branched to lately. */
  isVisited(page: CodePage, at: number): boolean;
}

export interface Discovered {
  readonly region: Region;
  /**
   * The head of a loop, larger than a region is otherwise, in whose middle the region begins. The region is then what comes
   * before the head: most of what it is asked for is in a region that begins there.
   */
  readonly head: number | undefined;
}

/** How many instructions a region has at most. */
export interface RegionLimits {
  /** More are more to compile, and most of them seldom run. */
  readonly region: number;
  /** In a loop, all of which runs: each way out and in again costs as much as ten instructions. */
  readonly loop: number;
}
export const regionLimits: RegionLimits = { region: 150, loop: 1000 };

/** Operands that EXECUTE RELATIVE LONG may give a length. */
const executable: ReadonlySet<string> = new Set(['mvc', 'clc', 'xc', 'nc', 'oc']);

export class Discovery {
  readonly #limits: RegionLimits;
  readonly #effects: EffectsTable;
  readonly #surroundings: Surroundings;
  readonly #pages = new Map<number, CodePage | undefined>();
  readonly #instructions = new Map<number, RegionInstruction>();
  readonly #leaders = new Set<number>();
  /** Places to go on from: those of calls, and those that calls return to, come after the others. */
  readonly #near: number[] = [];
  readonly #calls: number[] = [];
  readonly #returns: number[] = [];
  /** By link register, the places that calls return to. */
  readonly #links = new Map<number, Set<number>>();

  /** Targets of branches that were left out, as they were never visited, and where the branches are. */
  readonly #passed: { readonly from: number; readonly target: number }[] = [];
  #takesAll = false;

  constructor(effects: EffectsTable, surroundings: Surroundings, limits = regionLimits) {
    this.#limits = limits;
    this.#effects = effects;
    this.#surroundings = surroundings;
  }

  /** @param entry - Offset in its page; undefined when the first instruction cannot be translated. */
  find(entry: number): Discovered | undefined {
    this.#lead(entry, this.#near);
    this.#explore(this.#limits.region);
    const nearest = this.#blocks();
    if (!nearest.has(entry)) return undefined;
    const loop = this.#instructions.size < this.#limits.region ? undefined : this.#loopAround(entry);
    if (!loop) return { region: this.#region(entry, nearest), head: undefined };
    const head = headOf(loop);
    if (head === undefined || head === entry) return { region: this.#region(entry, loop), head: undefined };
    const inner = loopAround(entry, without(head, entry, loop));
    const blocks = sizeOf(inner) > this.#limits.region ? inner : without(head, entry, nearest);
    return { region: this.#region(entry, blocks), head };
  }

  #region(entry: number, blocks: Blocks): Region {
    const pages = new Map(
      [...this.#pages].filter((page): page is [number, CodePage] => page[1] !== undefined),
    );
    return { entry, blocks, pages };
  }

  /** The loop that an entry is in, if that is larger than other regions are. */
  #loopAround(entry: number): Blocks | undefined {
    this.#explore(this.#limits.loop);
    const visited = loopAround(entry, this.#blocks());
    if (sizeOf(visited) <= this.#limits.region) return undefined;
    // What has not run yet will: made without it, the loop would have to be made again.
    this.#takesAll = true;
    const inLoop = new Set(
      [...visited.values()].flatMap(({ instructions }) => instructions.map(({ at }) => at)),
    );
    for (const { from, target } of this.#passed) if (inLoop.has(from)) this.#lead(target, this.#near);
    this.#explore(this.#instructions.size + this.#limits.loop);
    const whole = loopAround(entry, this.#blocks());
    // A routine that is called from many more places returns to none of them any more.
    const isWhole = sizeOf(whole) >= sizeOf(visited) && sizeOf(whole) <= this.#limits.loop;
    return isWhole ? whole : visited;
  }

  /** Has a block begin at a place, from which to go on. */
  #lead(place: number, queue: number[]): void {
    this.#leaders.add(place);
    queue.push(place);
  }

  #page(number: number): CodePage | undefined {
    const known = this.#pages.get(number);
    if (known || this.#pages.has(number)) return known;
    const page = this.#surroundings.page(number);
    this.#pages.set(number, page);
    return page;
  }

  /** Takes instructions as long as there are less than `limit`. */
  #explore(limit: number): void {
    while (this.#instructions.size < limit) {
      const at = this.#near.shift() ?? this.#calls.shift() ?? this.#returns.shift();
      if (at === undefined) return;
      this.#follow(at, limit);
    }
  }

  /** Takes instructions one after the other until a branch that is always taken, or something that ends the region. */
  #follow(start: number, limit: number): void {
    for (let at = start; ; ) {
      if (this.#instructions.has(at)) {
        this.#leaders.add(at);
        return;
      }
      if (this.#instructions.size >= limit) {
        this.#near.unshift(at);
        return;
      }
      const instruction = this.#decode(at);
      if (!instruction) return;
      this.#instructions.set(at, instruction);
      const next = at + instruction.length;
      const { effects, target, text } = instruction;
      if (effects.branches === 'never') {
        at = next;
        continue;
      }
      const isCall = text.row.mnemonic.startsWith('bras');
      if (target !== undefined) {
        if (effects.branches === 'always' || this.#isVisited(target)) {
          this.#lead(target, isCall ? this.#calls : this.#near);
        } else this.#passed.push({ from: at, target });
      }
      if (isCall) this.#link(text.value('R1'), next);
      for (const place of this.#returnsOf(instruction)) this.#lead(place, this.#returns);
      if (effects.branches === 'always') return;
      this.#leaders.add(next);
      at = next;
    }
  }

  #isVisited(at: number): boolean {
    if (this.#takesAll) return true;
    const page = this.#page(pageOf(at));
    return page !== undefined && this.#surroundings.isVisited(page, at);
  }

  #link(register: number, place: number): void {
    const places = this.#links.get(register) ?? new Set();
    places.add(place);
    this.#links.set(register, places);
  }

  /** Where a branch on a register may go, if it is the end of a routine that the region calls. */
  #returnsOf({ effects, text }: RegionInstruction): readonly number[] {
    if (!effects.dynamicTarget || effects.branches !== 'always' || text.row.mnemonic !== 'bcr') return [];
    const places = this.#links.get(text.value('R2'));
    return places && places.size <= 4 ? [...places] : [];
  }

  /** The instruction at an offset, if it can be part of a region. */
  #decode(at: number): RegionInstruction | undefined {
    if (Math.abs(at) > REACH) return undefined;
    const page = this.#page(pageOf(at));
    if (!page) return undefined;
    const length = instructionLength(page.bytes[at & 0xfff] ?? 0);
    const inPage = 4096 - (at & 0xfff);
    const crosses = length > inPage;
    const rest = crosses ? this.#page(pageOf(at) + 1) : undefined;
    if (crosses && !rest) return undefined;
    const bytes = rest
      ? joined(page.bytes.subarray(-inPage), rest.bytes.subarray(0, length - inPage))
      : page.bytes;
    const offset = crosses ? 0 : at & 0xfff;
    const row = decode(bytes, offset);
    if (!row || (row.facility !== undefined && !this.#surroundings.offers(row.facility))) return undefined;
    const text = new Text(row, bytes, offset);
    const executed = row.mnemonic === 'exrl' && !crosses ? this.#execute(at, text) : undefined;
    if (executed) return executed;
    const effects = this.#effects.of(text);
    const how = treatment(row, effects);
    if (!effects || how === 'end') return undefined;
    const isRelative = effects.branches !== 'never' && !effects.dynamicTarget;
    const target = isRelative ? targetOf(at, text) : undefined;
    return { at, text, effects, how, executed: undefined, length, crosses, target };
  }

  /** EXECUTE RELATIVE LONG of an instruction in the same page whose length is all that it changes. */
  #execute(at: number, text: Text): RegionInstruction | undefined {
    const targetAt = at + 2 * text.signed('RI2');
    const offset = targetAt & 0xfff;
    if (pageOf(targetAt) !== pageOf(at) || (targetAt & 1) !== 0 || offset + 6 > 4096) return undefined;
    const row = decode(text.bytes, offset);
    if (!row || !executable.has(row.mnemonic)) return undefined;
    const target = new Text(row, text.bytes, offset);
    const effects = this.#effects.of(target);
    if (!effects) return undefined;
    const register = text.value('R1');
    const withRegister = { ...effects, read32: effects.read32 | (register ? 1 << register : 0) };
    const executed = { register, targetAt };
    const common = { length: 6, crosses: false, target: undefined };
    return { at, text: target, effects: withRegister, how: 'inline', executed, ...common };
  }

  #blocks(): Blocks {
    const starts = [...this.#leaders].filter((leader) => this.#isBlock(leader));
    return new Map(starts.map((start) => [start, this.#block(start)]));
  }

  /** Whether a block of the region begins at an offset. */
  #isBlock(at: number): boolean {
    return this.#leaders.has(at) && this.#instructions.has(at);
  }

  #block(start: number): Block {
    const instructions: RegionInstruction[] = [];
    for (let at = start; ; ) {
      const instruction = this.#instructions.get(at);
      if (!instruction || (at !== start && this.#leaders.has(at))) {
        return this.#finish(start, instructions, at, []);
      }
      instructions.push(instruction);
      const next = at + instruction.length;
      const { effects, target } = instruction;
      if (effects.branches !== 'never') {
        const returns = this.#returnsOf(instruction).filter((place) => this.#isBlock(place));
        const places = target === undefined ? returns : [target];
        return this.#finish(
          start,
          instructions,
          effects.branches === 'always' ? undefined : next,
          places,
          returns,
        );
      }
      at = next;
    }
  }

  #finish(
    at: number,
    instructions: readonly RegionInstruction[],
    next: number | undefined,
    places: readonly number[],
    returns: readonly number[] = [],
  ): Block {
    const successors: number[] = [];
    const add = (place: number) => {
      if (this.#isBlock(place) && !successors.includes(place)) successors.push(place);
    };
    places.forEach(add);
    if (next !== undefined) add(next);
    return { at, instructions, next, successors, returns };
  }
}

/** Where an instruction at an offset branches to, if that is relative to it. */
function targetOf(at: number, text: Text): number | undefined {
  for (const operand of text.row.operands) {
    if (operand.kind === 'rel') return at + 2 * text.signed(operand.field.name);
  }
  return undefined;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
