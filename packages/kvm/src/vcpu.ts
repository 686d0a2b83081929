/** Running a vCPU (what `arch/s390/kvm/kvm-s390.c` is to Linux), and what is done about its interceptions. */
import {
  CpuFlag,
  CpuState,
  InterceptionCode,
  Lowcore,
  ProgramInterruption,
  PSW,
  StateDescription as SD,
} from '@zarch/arch';
import {
  CodeCache,
  cpuLayout,
  Engine,
  instantiateCpu,
  type TranslatorPort,
  todToMilliseconds,
} from '@zarch/cpu';
import { mmuFacility, mmuLayout } from '@zarch/memory';
import { cpuImports } from './cpu-imports.ts';
import { Debugger, type InstructionObserver } from './debugger.ts';
import type { GuestPsw, VcpuExit } from './exits.ts';
import { handleInstruction } from './instructions.ts';
import { LocalInterrupts } from './interrupt-state.ts';
import { takeOrder } from './orders.ts';
import { type InterruptionObserver, presentPending, requestInterventions } from './pending-interruptions.ts';
import { timerDelay } from './timers.ts';
import { VcpuState } from './vcpu-state.ts';
import type { Vm } from './vm.ts';

export interface VcpuHost {
  /** The host's clock in TOD-clock units, never going back. */
  readonly clock: () => bigint;
  /** Told when an event has become pending in the VM's `IoEvents`. Without it there are exits for notifications. */
  readonly onIoEvent?: () => void;
  /** Sees each instruction, which makes the vCPU slow. */
  readonly observer?: InstructionObserver;
  /** What translates hot code; without it everything is interpreted. */
  readonly translation?: Translation | undefined;
}

export interface Translation {
  readonly translator: TranslatorPort;
  /** Visits after which code is translated; 1 is at first sight. */
  readonly threshold: number;
  /** Branches in one run of translated code; tests make it small. */
  readonly slice?: number;
}

export class Vcpu {
  readonly state: VcpuState;
  readonly engine: Engine;
  readonly debugger: Debugger;
  readonly #host: VcpuHost;
  readonly #observe: InterruptionObserver;
  #offered: GuestPsw | undefined;
  /** Interceptions by code, for statistics. */
  readonly interceptions = new Map<number, number>();

  constructor(vm: Vm, cpuAddress: number, host: VcpuHost) {
    this.#host = host;
    this.debugger = new Debugger(host.observer);
    this.#observe = (kind, code) => this.debugger.interruption(kind, code, this.engine.block);
    const exports = instantiateCpu(vm.handle.module, vm.host, cpuImports(vm, host.clock));
    this.state = new VcpuState(vm, cpuAddress, exports);
    const { place } = this.state;
    const { host: storageHost, storage } = vm;
    const { block } = place;
    const code =
      host.translation && new CodeCache({ host: storageHost, storage, block, exports, ...host.translation });
    this.engine = new Engine({
      host: storageHost,
      block,
      exports,
      code,
      clock: host.clock,
      kick: { words: place.local.words, index: LocalInterrupts.KICK },
    });
  }

  /**
   * Runs the guest until something is not for the hypervisor.
   *
   * @param single - Execute one instruction at most.
   */
  run(single = false): VcpuExit {
    const { state, engine, debugger: debug } = this;
    const { local } = state.place;
    const steps = engine.counters.steps;
    debug.stepping = single;
    this.#observeIo();
    const held = debug.takeChange();
    if (held) engine.holdPages(held);
    for (;;) {
      local.acknowledgeKick();
      const event = debug.takeEvent();
      if (event) return { reason: 'debug', event };
      if (local.takeExitRequest()) return { reason: 'interrupted' };
      takeOrder(state);
      if (!this.#operating()) return { reason: 'stopped' };
      const masked = single && !(state.psw.mask & PSW.wait);
      const presented = masked ? undefined : presentPending(state, this.#host.clock(), this.#observe);
      if (presented) return this.#leave(presented);
      requestInterventions(state);
      const observed = debug.active || single ? debug : undefined;
      const code = engine.run(state.place.stateDescription, single, observed);
      this.interceptions.set(code, (this.interceptions.get(code) ?? 0) + 1);
      const exit = this.#handle(code);
      if (exit) return exit;
      if (single && engine.counters.steps !== steps) {
        return { reason: 'debug', event: debug.takeEvent() ?? { kind: 'step' } };
      }
    }
  }

  #handle(code: number): VcpuExit | undefined {
    const { state } = this;
    switch (code) {
      case InterceptionCode.instruction:
        return handleInstruction(state, this.#host);
      case InterceptionCode.wait:
        return this.#wait();
      case InterceptionCode.program:
        return { reason: 'programLoop', code: state.sd.u16(SD.programCode), psw: state.psw };
      case InterceptionCode.external:
        return { reason: 'externalLoop', code: state.sd.u16(SD.externalCode), psw: state.psw };
      case InterceptionCode.operationException:
        state.injectProgram(ProgramInterruption.operation);
        return undefined;
      case InterceptionCode.validity:
        return { reason: 'validity', code: state.sd.u16(SD.programCode) };
      default:
        return undefined;
    }
  }

  /** Leaves for an I/O interruption, and remembers where, to know afterwards whether it was presented. */
  #leave(exit: VcpuExit): VcpuExit {
    this.#offered = this.state.psw;
    return exit;
  }

  #observeIo(): void {
    const { state } = this;
    const old = this.#offered;
    this.#offered = undefined;
    if (old === undefined) return;
    const area = state.lowcore();
    const presented =
      area.u64(Lowcore.ioOldPsw) === old.mask && area.u64(Lowcore.ioOldPsw + 8) === old.address;
    if (presented && state.psw.mask !== old.mask) this.#observe('io', area.u16(Lowcore.subchannelId + 2));
  }

  #operating(): boolean {
    const { vm, place } = this.state;
    return vm.states.state(place.cpuAddress) === CpuState.operating;
  }

  /** An enabled wait lasts until the earlier of clock comparator and CPU timer. */
  #wait(): VcpuExit | undefined {
    const { state } = this;
    const { mask } = state.psw;
    if ((mask & (PSW.external | PSW.io | PSW.machineCheck)) === 0n) {
      return { reason: 'disabledWait', psw: state.psw };
    }
    const least = timerDelay(state, this.#host.clock());
    if (least !== undefined && least < 0n) return undefined;
    if (Atomics.load(state.place.local.words, LocalInterrupts.KICK) !== 0) return undefined;
    return { reason: 'idle', milliseconds: least === undefined ? undefined : todToMilliseconds(least) };
  }
}

/** Facility bits 64 * word to 64 * word + 63. */
function facilityWord(word: number, has: (bit: number) => boolean): bigint {
  let bits = 0n;
  for (let i = 0; i < 64; i++) if (has(64 * word + i)) bits |= 1n << BigInt(63 - i);
  return bits;
}

/** Writes what the block of a fresh vCPU must hold; once, on the thread that makes the VM. */
export function initializeVcpu(vm: Vm, state: VcpuState): void {
  const { block, sd, place } = state;
  block.setU32(mmuLayout.top, vm.host.top);
  block.setU32(mmuLayout.size, vm.storage.size);
  block.setU32(mmuLayout.keys, vm.storage.keys);
  block.setU32(mmuLayout.codeFrames, vm.storage.codeFrames.address);
  block.setU32(mmuLayout.stateDescription, place.stateDescription);
  block.setU32(cpuLayout.cpuAddress, place.cpuAddress);
  const has = (bit: number) => vm.model.facilities.has(bit);
  const translation =
    (has(8) ? mmuFacility.edat1 : 0) |
    (has(78) ? mmuFacility.edat2 : 0) |
    (has(130) ? mmuFacility.instructionExecutionProtection : 0) |
    (has(75) ? mmuFacility.fetchStoreIndication : 0) |
    (has(131) ? mmuFacility.suppressionOnProtection2 : 0);
  block.setU32(mmuLayout.facilities, translation);
  const works = (bit: number) => has(bit) || vm.model.unannounced?.has(bit) === true;
  for (let word = 0; word < 4; word++) {
    block.setU64(cpuLayout.announced + 8 * word, facilityWord(word, has));
    block.setU64(cpuLayout.facilities + 8 * word, facilityWord(word, works));
  }
  sd.setU32(SD.cpuFlags, CpuFlag.zArchitecture);
  sd.setU16(SD.cpuAddress, place.cpuAddress);
  sd.setU32(SD.scaHigh, 0);
  sd.setU32(SD.scaLow, vm.sca);
}
