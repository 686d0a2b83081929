/**
 * Interpretive execution (SIE): runs the guest that a state description describes until something is for the
 * hypervisor, and tells what in the state description's interception fields.
 */
import {
  CpuFlag,
  CR0,
  InterceptionCode,
  InterceptionControl,
  ProgramInterruption,
  PSW,
  StateDescription as SD,
} from '@zarch/arch';
import {
  CODE_WRITE,
  CodeWrite,
  HELD,
  HELD_PAGES,
  Hold,
  type HostStorage,
  mmuLayout,
  STATE_DESCRIPTION_SIZE,
  StorageView,
} from '@zarch/memory';
import { type OperandAccess, startRecording, stopRecording } from './accesses.ts';
import { CpuBlock } from './block-view.ts';
import type { CodeCache } from './code-cache.ts';
import { cpuLayout, Delivery, Exit } from './cpu-layout.ts';
import type { CpuExports } from './cpu-module.ts';
import type { EngineDebug } from './debug.ts';
import { deliverExternal, programParameters } from './interruption.ts';
import { type PerEvent, PerWatch } from './per.ts';

/** Branches and calls in one run of the interpreter: some ten microseconds between looks at clock and kicks. */
const SLICE = 4096;

export interface EngineOptions {
  readonly host: HostStorage;
  /** Host address of the vCPU's block. */
  readonly block: number;
  readonly exports: CpuExports;
  /** The host's clock in TOD-clock units. */
  readonly clock: () => bigint;
  /** A word that other threads make non-zero to have the guest leave interpretive execution. */
  readonly kick: { readonly words: Int32Array; readonly index: number };
  /** Translated code; without it everything is interpreted. */
  readonly code?: CodeCache | undefined;
}

/** Counts of what happened, free of charge where the engine counts anyway. */
export interface EngineCounters {
  readonly slices: number;
  /** Instructions executed one at a time, for debuggers, traces and PER. */
  readonly steps: number;
  /** Interruptions presented. */
  readonly programInterruptions: number;
  readonly externalInterruptions: number;
  readonly supervisorCalls: number;
}

export class Engine {
  readonly block: CpuBlock;
  readonly #counts = { slices: 0, steps: 0, externalInterruptions: 0 };
  readonly #host: HostStorage;
  readonly #exports: CpuExports;
  readonly #clock: () => bigint;
  readonly #kick: EngineOptions['kick'];
  /** Translated code, if there is any. */
  readonly code: CodeCache | undefined;
  #description: StorageView;
  #debug: EngineDebug | undefined;
  /** To be presented with the next program interruption. */
  #per: PerEvent | undefined;

  constructor({ host, block, exports, clock, kick, code }: EngineOptions) {
    this.code = code;
    this.#host = host;
    this.#exports = exports;
    this.#clock = clock;
    this.#kick = kick;
    this.block = new CpuBlock(host, block);
    this.#description = new StorageView(host.memory.buffer, STATE_DESCRIPTION_SIZE, STATE_DESCRIPTION_SIZE);
  }

  get counters(): EngineCounters {
    return {
      ...this.#counts,
      programInterruptions: Number(this.block.u64(cpuLayout.programInterruptions)),
      supervisorCalls: Number(this.block.u64(cpuLayout.supervisorCalls)),
    };
  }

  /**
   * Enters interpretive execution.
   *
   * @param description - Host address of the state description's lower end.
   * @param single - Execute at most one instruction.
   * @param debug - Looks at instructions.
   * @returns The interception code, also in the state description; `none` after a kick or a single step, or when
   *   `debug` asked to leave.
   */
  run(description: number, single = false, debug?: EngineDebug): number {
    this.#debug = debug;
    const end = description + STATE_DESCRIPTION_SIZE;
    this.#description = new StorageView(this.#host.memory.buffer, end, STATE_DESCRIPTION_SIZE);
    this.block.setU32(mmuLayout.stateDescription, description);
    const invalid = this.#validity();
    if (invalid !== undefined) {
      this.#description.setU16(SD.programCode, invalid);
      return this.#finish(InterceptionCode.validity);
    }
    if (debug) this.block.setU32(mmuLayout.holds, Hold.fail);
    // Who looks on is told of every interruption.
    this.block.setU32(cpuLayout.delivery, debug ? Delivery.outside : Delivery.inside);
    const early = this.#load();
    const code = early ? this.#program() : this.#interceptedEvent();
    const result = this.#finish(code ?? this.#loop(single));
    this.block.setU32(mmuLayout.holds, Hold.off);
    this.#store();
    return result;
  }

  /**
   * Chooses the pages whose use a debugger wants to see, by any address in each. Other pages may be looked at with
   * them. The vCPU is not running.
   */
  holdPages(addresses: readonly bigint[]): void {
    const { block } = this;
    for (let offset = 0; offset < HELD_PAGES / 8; offset += 4) block.setU32(mmuLayout.heldPages + offset, 0);
    for (const address of addresses) {
      const page = Number((address >> 12n) & BigInt(HELD_PAGES - 1));
      const word = mmuLayout.heldPages + 4 * Math.floor(page / 32);
      block.setU32(word, (block.u32(word) | (1 << (page % 32))) >>> 0);
    }
    this.#exports.purge(block.address);
  }

  /** Reasons why a state description cannot be used, as validity-interception codes. */
  #validity(): number | undefined {
    const sd = this.#description;
    if ((sd.u32(SD.cpuFlags) & CpuFlag.zArchitecture) === 0) return 0x0001;
    const prefix = this.#prefix();
    if (prefix + 8192 > this.block.u32(mmuLayout.size)) return 0x0037;
    return undefined;
  }

  /** The prefix, in bits 1-18 of a word as an address of 8 KiB blocks. */
  #prefix(): number {
    return (this.#description.u32(SD.prefix) >>> 13) * 8192;
  }

  /** Loads what the state description holds; true if the PSW is not valid. */
  #load(): boolean {
    const { block } = this;
    const sd = this.#description;
    block.setGr(14, sd.u64(SD.gr14));
    block.setGr(15, sd.u64(SD.gr15));
    const prefix = this.#prefix();
    if (prefix !== block.u32(mmuLayout.prefix)) {
      block.setU32(mmuLayout.prefix, prefix);
      this.#exports.purge(block.address);
    }
    block.setU64(cpuLayout.cpuTimerZero, this.#clock() + BigInt.asIntN(64, sd.u64(SD.cpuTimer)));
    block.setU64(cpuLayout.todProgrammable, BigInt(sd.u32(SD.todProgrammable)));
    block.setU64(cpuLayout.breakingEvent, sd.u64(SD.breakingEvent));
    return (
      this.#exports.loadPsw(
        block.address,
        BigInt.asIntN(64, sd.u64(SD.psw)),
        BigInt.asIntN(64, sd.u64(SD.psw + 8)),
      ) !== 0
    );
  }

  #store(): void {
    const { block } = this;
    const sd = this.#description;
    sd.setU64(SD.gr14, block.gr(14));
    sd.setU64(SD.gr15, block.gr(15));
    sd.setU64(SD.psw, BigInt.asUintN(64, this.#exports.currentMask(block.address)));
    sd.setU64(SD.psw + 8, block.u64(cpuLayout.nextAddress));
    sd.setU64(SD.cpuTimer, BigInt.asUintN(64, block.u64(cpuLayout.cpuTimerZero) - this.#clock()));
    sd.setU64(SD.breakingEvent, block.u64(cpuLayout.breakingEvent));
  }

  #finish(code: number): number {
    this.#description.setU8(SD.interceptionCode, code);
    return code;
  }

  #loop(single: boolean): number {
    const { block } = this;
    for (;;) {
      const outside = single && this.#debug?.masksSteps ? this.#stepInterventions() : this.#interventions();
      if (outside !== undefined) return outside;
      const per = PerWatch.begin(block, this.#description);
      if (per || single || this.#debug?.stepsAll) {
        const code = this.#step(per);
        if (code !== undefined) return code;
        if (single) return InterceptionCode.none;
        continue;
      }
      const exit = this.#runSlice();
      const code = this.#isHeld(exit) ? this.#step(undefined) : this.#afterRun(exit);
      if (code !== undefined) return code;
    }
  }

  /** Runs guest code for a while. A store into translated code ends it: the instruction is then stepped through. */
  #runSlice(): number {
    const { block } = this;
    this.#counts.slices++;
    const code = this.code;
    if (!code) return this.#exports.run(block.address, SLICE);
    code.prepare();
    block.setU32(mmuLayout.codeWrite, CodeWrite.fail);
    const exit = this.#exports.run(block.address, code.slice);
    block.setU32(mmuLayout.codeWrite, CodeWrite.note);
    code.collect();
    return exit;
  }

  /** After an instruction that uses a held page: goes back to where it has not been executed. */
  #isHeld(exit: number): boolean {
    const { block } = this;
    if (exit !== Exit.program) return false;
    const fault = block.u32(mmuLayout.faultCode);
    if (fault !== HELD && fault !== CODE_WRITE) return false;
    const address = block.u64(cpuLayout.nextAddress) - BigInt(block.u32(cpuLayout.length));
    block.setU64(cpuLayout.nextAddress, address & block.u64(mmuLayout.addressMask));
    return true;
  }

  /** One instruction, looked at by the debugger and by PER. */
  #step(per: PerWatch | undefined): number | undefined {
    const debug = this.#debug;
    const { block } = this;
    if (debug?.beforeInstruction(block)) return InterceptionCode.none;
    this.#counts.steps++;
    if (debug) block.setU32(mmuLayout.holds, Hold.pass);
    this.#per = per?.nullifies(block, this.#exports);
    if (this.#per) {
      if (debug) block.setU32(mmuLayout.holds, Hold.fail);
      return this.#perInterruption();
    }
    const records = debug?.recordsAccesses || per?.recordsAccesses;
    if (records) startRecording(block);
    const exit = this.#exports.step(block.address, 1) as Exit;
    if (debug) block.setU32(mmuLayout.holds, Hold.fail);
    const accesses: readonly OperandAccess[] = records ? stopRecording(block, this.#exports) : [];
    const leave = debug?.afterInstruction(block, exit, accesses);
    this.#per = per?.end(block, exit, accesses);
    const code = this.#afterRun(exit);
    if (code !== undefined) return code;
    const more = this.#per ? this.#perInterruption() : undefined;
    return more ?? (leave ? InterceptionCode.none : undefined);
  }

  /** A program interruption for nothing but a PER event. */
  #perInterruption(): number | undefined {
    this.block.setU32(mmuLayout.faultCode, 0);
    return this.#program();
  }

  /** The PER event of an instruction that the hypervisor has completed. */
  #interceptedEvent(): number | undefined {
    const sd = this.#description;
    const code = sd.u8(SD.perCode);
    if (code === 0) return undefined;
    sd.setU8(SD.perCode, 0);
    this.#per = { code, atmid: sd.u8(SD.perAtmid), address: sd.u64(SD.perAddress) };
    const executed = sd.u8(SD.interceptionStatus);
    const first = sd.u8(SD.ipa);
    const length = executed & 1 ? (executed >> 4) & 6 : first < 0x40 ? 2 : first < 0xc0 ? 4 : 6;
    this.block.setU32(cpuLayout.length, length);
    return this.#perInterruption();
  }

  #afterRun(exit: number): number | undefined {
    switch (exit) {
      case Exit.program:
        return this.#program();
      case Exit.supervisorCall:
        this.#debug?.interruption('supervisor-call', this.block.u32(cpuLayout.svcCode), this.block);
        return this.#exports.deliverSupervisorCall(this.block.address) === 0 ? undefined : this.#program();
      case Exit.intercept:
        return this.#instruction();
      default:
        return undefined;
    }
  }

  /** Requests from outside and interruptions that interpretive execution presents itself. */
  #interventions(): number | undefined {
    const { words, index } = this.#kick;
    if (Atomics.load(words, index) !== 0) return InterceptionCode.none;
    const { block } = this;
    const mask = block.u64(mmuLayout.pswMask);
    const flags = this.#description.u32(SD.cpuFlags);
    if (flags & CpuFlag.stopRequest) return InterceptionCode.stop;
    const timers = this.#timers();
    if ((mask & PSW.external) !== 0n) {
      if (timers !== undefined) return this.#external(timers);
      if (flags & CpuFlag.externalRequest) return InterceptionCode.externalRequest;
    }
    if ((mask & PSW.io) !== 0n && flags & CpuFlag.ioRequest) return InterceptionCode.ioRequest;
    // A timer that is due and masked is looked at again when the guest opens a mask.
    block.setU32(cpuLayout.attention, timers === undefined ? 0 : 1);
    return (mask & PSW.wait) !== 0n ? InterceptionCode.wait : undefined;
  }

  /** With external interruptions left pending, unless the CPU waits for one. */
  #stepInterventions(): number | undefined {
    const { words, index } = this.#kick;
    if (Atomics.load(words, index) !== 0) return InterceptionCode.none;
    return this.block.u64(mmuLayout.pswMask) & PSW.wait ? this.#interventions() : undefined;
  }

  /** The external-interruption code of a timer that is due and enabled in CR0. */
  #timers(): number | undefined {
    const sd = this.#description;
    const cr0 = sd.u64(SD.controlRegisters);
    const enabled = cr0 & (CR0.clockComparator | CR0.cpuTimer);
    if (enabled === 0n) return undefined;
    const now = this.#clock();
    if ((enabled & CR0.clockComparator) !== 0n) {
      if (BigInt.asUintN(64, now + sd.u64(SD.epoch)) > sd.u64(SD.clockComparator)) return 0x1004;
    }
    if ((enabled & CR0.cpuTimer) !== 0n) {
      if (BigInt.asIntN(64, this.block.u64(cpuLayout.cpuTimerZero) - now) < 0n) return 0x1005;
    }
    return undefined;
  }

  #external(code: number): number | undefined {
    this.#counts.externalInterruptions++;
    this.#debug?.interruption('external', code, this.block);
    const invalid = deliverExternal(this.#host, this.block, this.#exports, {
      code,
      cpuAddress: 0,
      parameter: 0,
    });
    if (invalid) return this.#program();
    // A new PSW that is enabled for the condition that remains would interrupt for ever.
    if ((this.block.u64(mmuLayout.pswMask) & PSW.external) !== 0n) {
      this.#description.setU16(SD.externalCode, code);
      return InterceptionCode.external;
    }
    return this.#interventions();
  }

  /** Presents the program interruption that the block records, or intercepts it. */
  #program(): number | undefined {
    const sd = this.#description;
    const code = this.block.u32(mmuLayout.faultCode);
    const controls = sd.u32(SD.ictl);
    this.#debug?.interruption('program', this.#per ? code | ProgramInterruption.perEvent : code, this.block);
    if (code === ProgramInterruption.operation && controls & InterceptionControl.operationException) {
      this.#interceptionText();
      this.#leavePer();
      return InterceptionCode.operationException;
    }
    if (controls & InterceptionControl.programInterruption) {
      this.#leavePer();
      programParameters(this.block, sd);
      return InterceptionCode.program;
    }
    this.#recordPer();
    if (this.#exports.deliverProgram(this.block.address) !== 0) {
      // The new PSW is not valid either: every attempt to present that would fail in the same way.
      programParameters(this.block, sd);
      return InterceptionCode.program;
    }
    return undefined;
  }

  /** Leaves a PER event to be presented with the program interruption that follows. */
  #recordPer(): void {
    const per = this.#per;
    if (!per) return;
    this.#per = undefined;
    const { block } = this;
    block.setU32(cpuLayout.perCode, per.code);
    block.setU32(cpuLayout.perAtmid, per.atmid);
    block.setU64(cpuLayout.perAddress, per.address);
  }

  #instruction(): number {
    this.#interceptionText();
    this.#leavePer();
    return InterceptionCode.instruction;
  }

  /** Leaves a PER event to be presented when the hypervisor has completed the instruction. */
  #leavePer(): void {
    const per = this.#per;
    if (!per) return;
    this.#per = undefined;
    const sd = this.#description;
    sd.setU8(SD.perCode, per.code);
    sd.setU8(SD.perAtmid, per.atmid);
    sd.setU64(SD.perAddress, per.address);
  }

  #interceptionText(): void {
    const sd = this.#description;
    const text = this.block.u64(cpuLayout.instruction);
    sd.setU16(SD.ipa, Number(text >> 48n));
    sd.setU32(SD.ipb, Number((text >> 16n) & 0xffff_ffffn));
    const executed =
      this.block.u64(cpuLayout.instructionAddress) !==
      BigInt.asUintN(64, this.block.u64(cpuLayout.nextAddress) - BigInt(this.block.u32(cpuLayout.length)));
    // Bit 7 tells that EXECUTE named the instruction, bits 1 and 2 the length of the EXECUTE.
    sd.setU8(SD.interceptionStatus, executed ? 1 | (this.block.u32(cpuLayout.length) << 4) : 0);
  }
}
