/** A piece of guest code to be translated as one function: its basic blocks and the edges between them. */
import type { Text } from './constant-fields.ts';
import type { Effects } from './effects.ts';

/** An instruction of a region. Offsets are from the start of the page of the region's entry. */
export interface RegionInstruction {
  readonly at: number;
  readonly text: Text;
  readonly effects: Effects;
  readonly how: 'inline' | 'call';
  /** What EXECUTE RELATIVE LONG at this place executes; `text` is then the target, and this its register. */
  readonly executed: { readonly register: number; readonly targetAt: number } | undefined;
  /** Bytes to the next instruction. */
  readonly length: number;
  /** It ends in the next page. */
  readonly crosses: boolean;
  /** Where it branches to, if that is known. */
  readonly target: number | undefined;
}

export interface Block {
  readonly at: number;
  readonly instructions: readonly RegionInstruction[];
  /** Where it goes on after its last instruction; undefined after a branch that is always taken. */
  readonly next: number | undefined;
  /** Blocks that it may be followed by, by their offsets: those of the region only. */
  readonly successors: readonly number[];
  /** Places in the region to which its last instruction, a branch on a register, may return. */
  readonly returns: readonly number[];
}

/** A page with code. */
export interface CodePage {
  /** Its bytes at one moment. */
  readonly bytes: Uint8Array;
  /** Host pointer of its first byte. */
  readonly pointer: number;
}

export interface Region {
  readonly entry: number;
  readonly blocks: ReadonlyMap<number, Block>;
  /** By page number, relative to the entry's. */
  readonly pages: ReadonlyMap<number, CodePage>;
}

/** The page of an offset, relative to the entry's. */
export function pageOf(at: number): number {
  return Math.floor(at / 4096);
}
