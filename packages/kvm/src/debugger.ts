/** Breakpoints, watchpoints and observers of a vCPU's instructions. Guest storage is not changed for them. */
import {
  type CpuBlock,
  cpuLayout,
  type EngineDebug,
  type InterruptionKind,
  type OperandAccess,
} from '@zarch/cpu';

export type WatchKind = 'read' | 'write' | 'access';

/** Bytes whose use stops the vCPU, by logical address. */
export interface Watchpoint {
  readonly address: bigint;
  /** Not more than a page. */
  readonly length: number;
  readonly kind: WatchKind;
}

/** What a debugger asked for; it can be sent to another thread. */
export interface DebugSettings {
  /** Logical addresses of instructions. */
  readonly breakpoints: readonly bigint[];
  readonly watchpoints: readonly Watchpoint[];
}

/** Why a vCPU came back to its debugger. */
export type DebugEvent =
  | { readonly kind: 'step' }
  /** The instruction at the PSW's address has a breakpoint and was not executed. */
  | { readonly kind: 'breakpoint'; readonly address: bigint }
  /** The instruction before the PSW's address used watched bytes. */
  | { readonly kind: 'watchpoint'; readonly address: bigint; readonly watch: WatchKind };

/** Sees each instruction of a vCPU: for traces. */
export interface InstructionObserver {
  /** Whether it wants to see every instruction, or only interruptions. */
  readonly everyInstruction: boolean;
  before(block: CpuBlock): void;
  after(block: CpuBlock, exit: number): void;
  interruption(kind: InterruptionKind, code: number, block: CpuBlock): void;
}

export class Debugger implements EngineDebug {
  readonly masksSteps = true;
  /** Set while a step is under way, which breakpoints do not hold up. */
  stepping = false;
  readonly #observer: InstructionObserver | undefined;
  #breakpoints: ReadonlySet<bigint> = new Set();
  #watchpoints: readonly Watchpoint[] = [];
  #changed = false;
  #event: DebugEvent | undefined;

  constructor(observer?: InstructionObserver) {
    this.#observer = observer;
  }

  set settings({ breakpoints, watchpoints }: DebugSettings) {
    this.#breakpoints = new Set(breakpoints);
    this.#watchpoints = watchpoints;
    this.#changed = true;
  }
  /** Once after a change: an address in each page that has a break- or watchpoint. */
  takeChange(): readonly bigint[] | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    const watched = this.#watchpoints.flatMap(({ address, length }) => [
      address,
      address + BigInt(length - 1),
    ]);
    return [...this.#breakpoints, ...watched];
  }
  get stepsAll(): boolean {
    return this.#observer?.everyInstruction === true;
  }
  /** Whether instructions are to be looked at. */
  get active(): boolean {
    return this.#observer !== undefined || this.#breakpoints.size > 0 || this.#watchpoints.length > 0;
  }
  get recordsAccesses(): boolean {
    return this.#watchpoints.length > 0;
  }
  /** What made the vCPU leave interpretive execution, once. */
  takeEvent(): DebugEvent | undefined {
    const event = this.#event;
    this.#event = undefined;
    return event;
  }

  beforeInstruction(block: CpuBlock): boolean {
    if (!this.stepping && this.#breakpoints.size > 0) {
      const address = block.u64(cpuLayout.nextAddress);
      if (this.#breakpoints.has(address)) {
        this.#event = { kind: 'breakpoint', address };
        return true;
      }
    }
    this.#observer?.before(block);
    return false;
  }
  afterInstruction(block: CpuBlock, exit: number, accesses: readonly OperandAccess[]): boolean {
    this.#observer?.after(block, exit);
    const hit = this.#watchpoints.find((watch) => accesses.some((access) => touches(watch, access)));
    if (hit) this.#event = { kind: 'watchpoint', address: hit.address, watch: hit.kind };
    return hit !== undefined;
  }
  interruption(kind: InterruptionKind, code: number, block: CpuBlock): void {
    this.#observer?.interruption(kind, code, block);
  }
}

function touches(watch: Watchpoint, access: OperandAccess): boolean {
  if (watch.kind !== 'access' && watch.kind !== access.kind) return false;
  const watchEnd = watch.address + BigInt(watch.length);
  return access.address < watchEnd && access.address + BigInt(access.length) > watch.address;
}
