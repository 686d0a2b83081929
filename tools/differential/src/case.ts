/** A test case: one instruction, or an EXECUTE of it, with all the state it starts from. */
import { CODE, INSTRUCTION, input, PROLOGUE, RECORD, SLOT } from './layout.ts';

export type AddressingMode = 24 | 31 | 64;

export interface Case {
  /** `seed:mnemonic:number`, from which the case can be made again. */
  readonly id: string;
  readonly mnemonic: string;
  /** The instruction as it takes effect. */
  readonly bytes: Uint8Array;
  readonly executed: boolean;
  readonly mode: AddressingMode;
  /** Its slot of code. */
  readonly code: Uint8Array;
  readonly gr: BigUint64Array;
  readonly fpr: BigUint64Array;
  readonly ar: Uint32Array;
  readonly fpc: number;
  readonly cc: number;
  readonly programMask: number;
  /** The windows' contents, one after the other. */
  readonly windows: Uint8Array;
}

/** End with condition code 3 after a part that the CPU chooses; a program repeats them. */
export const INTERRUPTIBLE: ReadonlySet<string> = new Set(
  `clst mvst srst srstu cuse mvcle clcle mvclu clclu cksm tre troo trot trto trtt trte trtre cu12 cu14 cu21 cu24 cu41
   cu42`.split(/\s+/),
);

/** Where slot `index` of a batch is. */
export function slotAddress(index: number): number {
  return CODE + index * SLOT;
}

/** What is executed before the instruction: the addressing mode, and LMG of all registers from the record. */
export function prologue(mode: AddressingMode): Uint8Array {
  const setMode = { 24: 0x0c, 31: 0x0d, 64: 0x0e }[mode];
  const high = RECORD >> 12;
  const code = [0x01, setMode, 0xeb, 0x0f, (RECORD >> 8) & 0xf, RECORD & 0xff, high, 0x04];
  if (code.length !== INSTRUCTION - PROLOGUE) throw new Error('the prologue does not fit');
  return Uint8Array.from(code);
}

/** The record that the runner takes. */
export function encodeRecord(test: Case, index: number): Uint8Array {
  const bytes = new Uint8Array(input.size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 16; i++) {
    view.setBigUint64(input.gr + 8 * i, test.gr[i] ?? 0n);
    view.setBigUint64(input.fpr + 8 * i, test.fpr[i] ?? 0n);
    view.setUint32(input.ar + 4 * i, test.ar[i] ?? 0);
  }
  view.setUint32(input.fpc, test.fpc);
  view.setUint32(input.ccAndMask, (test.cc << 28) | (test.programMask << 24));
  view.setBigUint64(input.entry, BigInt(slotAddress(index) + PROLOGUE));
  bytes.set(test.windows, input.windows);
  return bytes;
}
