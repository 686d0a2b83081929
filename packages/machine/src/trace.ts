/**
 * Instruction traces: a line for each instruction with its disassembly and what it changed, and for each
 * interruption. Nothing in a line depends on time or on the run, so that two traces can be compared line by line.
 */

import { StateDescription } from '@zarch/arch';
import { type CpuBlock, cpuLayout, type InterruptionKind } from '@zarch/cpu';
import { disassemble } from '@zarch/isa';
import type { InstructionObserver } from '@zarch/kvm';
import { mmuLayout } from '@zarch/memory';

/** Values of {@link shown}. */
type Values = readonly (bigint | number)[];

/** What a trace has; the names are those of QEMU's `-d`. */
export interface TraceItems {
  /** Each instruction when its address is executed for the first time. */
  readonly in_asm: boolean;
  /** Every instruction. */
  readonly exec: boolean;
  /** With instructions, the registers that they changed; alone, as with `exec`. */
  readonly cpu: boolean;
  /** Interruptions that the CPU takes. */
  readonly int: boolean;
}

/** Whether anything is to be traced. */
export function traces(items: TraceItems): boolean {
  return items.in_asm || items.exec || items.cpu || items.int;
}

const hex = (value: bigint | number, digits: number) => value.toString(16).padStart(digits, '0');

/** What the block holds where an instruction has not been fetched: no operation code begins so. */
const NOT_FETCHED = 0xffff_ffff_ffff_ffffn;

/** A register that lines show: its name, digits and value. */
interface Shown {
  readonly name: string;
  readonly digits: number;
  readonly read: (block: CpuBlock) => bigint | number;
}

const sixteen = (make: (number: number) => Shown) => Array.from({ length: 16 }, (_, number) => make(number));

const shown: readonly Shown[] = [
  ...sixteen((n) => ({ name: `r${n}`, digits: 16, read: (block) => block.gr(n) })),
  { name: 'cc', digits: 1, read: (block) => block.cc },
  { name: 'mask', digits: 16, read: (block) => block.u64(mmuLayout.pswMask) },
  ...sixteen((n) => ({ name: `a${n}`, digits: 8, read: (block) => block.ar(n) })),
  { name: 'fpc', digits: 8, read: (block) => block.fpc },
  ...Array.from({ length: 32 }, (_, n): Shown => {
    const at = cpuLayout.vr + 16 * n;
    return { name: `v${n}`, digits: 32, read: (block) => (block.u64(at + 8) << 64n) | block.u64(at) };
  }),
  ...sixteen((n) => ({
    name: `c${n}`,
    digits: 16,
    read: (block) => block.stateDescription().u64(StateDescription.controlRegisters + 8 * n),
  })),
];

export class InstructionTrace implements InstructionObserver {
  readonly #items: TraceItems;
  readonly #write: (line: string) => void;
  readonly #seen = new Set<bigint>();
  #address = 0n;
  #before: Values = [];
  #after: Values = [];

  /** @param write - Takes a line, without its end. */
  constructor(items: TraceItems, write: (line: string) => void) {
    this.#items = items;
    this.#write = write;
  }

  get everyInstruction(): boolean {
    return this.#items.in_asm || this.#items.exec || this.#items.cpu;
  }

  before(block: CpuBlock): void {
    this.#address = block.u64(cpuLayout.nextAddress);
    block.setU64(cpuLayout.instruction, NOT_FETCHED);
    if (!this.#items.cpu) return;
    this.#before = values(block);
    // What has changed since the last instruction is the work of an interruption or of the hypervisor.
    const changes = this.#after.length > 0 ? differences(this.#after, this.#before) : '';
    if (changes !== '') this.#write(`-- ${changes}`);
  }

  after(block: CpuBlock): void {
    const { in_asm, exec, cpu } = this.#items;
    if (!exec && !cpu && !(in_asm && this.#isNew())) return;
    const line = instructionText(block, this.#address);
    this.#after = cpu ? values(block) : [];
    const changes = cpu ? differences(this.#before, this.#after) : '';
    this.#write(changes === '' ? line : `${line.padEnd(64)} ${changes}`);
  }

  interruption(kind: InterruptionKind, code: number): void {
    if (this.#items.int) this.#write(`-- ${kind} interruption, code ${hex(code, 4)}`);
  }

  #isNew(): boolean {
    if (this.#seen.has(this.#address)) return false;
    this.#seen.add(this.#address);
    return true;
  }
}

/** `address: bytes disassembly`; under EXECUTE what it executed, and where that is. */
function instructionText(block: CpuBlock, address: bigint): string {
  const start = `${hex(address, 16)}:`;
  const text = block.u64(cpuLayout.instruction);
  if (text === NOT_FETCHED) return `${start} (not fetched)`;
  const bytes = Uint8Array.from({ length: 6 }, (_, i) => Number((text >> BigInt(56 - 8 * i)) & 0xffn));
  const at = block.u64(cpuLayout.instructionAddress);
  const { text: source, length } = disassemble(bytes, { address: at });
  const digits = hex(text >> BigInt(64 - 8 * length), 2 * length);
  return `${start} ${digits.padEnd(12)} ${source}${at === address ? '' : ` (executed at ${hex(at, 16)})`}`;
}

function values(block: CpuBlock): Values {
  return shown.map(({ read }) => read(block));
}

function differences(before: Values, after: Values): string {
  const changed = shown.flatMap(({ name, digits }, i) => {
    const value = after[i];
    return value === undefined || value === before[i] ? [] : [`${name}=${hex(value, digits)}`];
  });
  return changed.join(' ');
}
