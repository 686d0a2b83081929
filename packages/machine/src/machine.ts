/**
 * The machine `s390-ccw-virtio`: a VM with its CPUs, service-call processor, channel subsystem and consoles, and
 * what it does when a CPU leaves the hypervisor.
 */
import { absolute, CpuState, ProgramInterruption } from '@zarch/arch';
import { ChannelSubsystem, KeyedStorage } from '@zarch/css';
import {
  clearReset,
  cpuReset,
  type DebugEvent,
  initialCpuReset,
  initializeVcpu,
  type VcpuExit,
  type VcpuState,
  type Vm,
} from '@zarch/kvm';
import { type EventDevice, Sclp } from '@zarch/sclp';
import type { Watchdog } from './diagnose-288.ts';
import { diagnose308, type IplParameters, type IplRequest } from './diagnose-308.ts';
import { ioInstruction } from './io-instructions.ts';
import { type LoadResult, loadProgram, type Program } from './ipl.ts';
import type { MachineHost, MachineOptions } from './options.ts';
import { CURRENT_LEVEL, systemInformation } from './stsi.ts';
import { VirtioDevices } from './virtio-devices.ts';

/** What the machine wants after an exit was handled. */
export type Outcome =
  /** Go on running the CPU. */
  | { readonly kind: 'resume' }
  /** The CPU has nothing to do for so long, or until it is kicked. */
  | { readonly kind: 'idle'; readonly milliseconds: number | undefined }
  /** All CPUs are stopped: the guest powered off. */
  | { readonly kind: 'shutdown' }
  /** The guest asked to be started again. */
  | { readonly kind: 'reboot'; readonly request: IplRequest }
  /** The guest cannot go on. */
  | { readonly kind: 'crash'; readonly crash: Crash }
  /** Back to whoever asked for it; the event is one for the debugger. */
  | { readonly kind: 'paused'; readonly event: DebugEvent | undefined };

export interface Crash {
  readonly reason: 'disabled-wait' | 'program-interruption-loop' | 'external-interruption-loop' | 'validity';
  readonly mask: bigint;
  readonly address: bigint;
  readonly code: number | undefined;
}

/** The end of a disabled wait's address by which a program says that it has shut down. */
const QUIESCED = 0xfffn;

/** Devices the user gives no number are in channel subsystem fe, as virtio devices are under QEMU. */
const DEFAULT_CSSID = 0xfe;

const RESUME: Outcome = { kind: 'resume' };

export class Machine {
  readonly vm: Vm;
  readonly sclp: Sclp;
  readonly css: ChannelSubsystem;
  readonly virtio: VirtioDevices;
  readonly options: MachineOptions;
  /** The watchdog, in a machine that has one. */
  watchdog: Watchdog | undefined;
  #program: Program | undefined;
  readonly #iplParameters: IplParameters = { block: undefined };

  constructor(
    options: MachineOptions,
    vm: Vm,
    devices: readonly EventDevice[] = [],
    machineHost: MachineHost = {},
  ) {
    this.options = options;
    this.vm = vm;
    this.css = makeChannelSubsystem(vm, machineHost);
    this.virtio = new VirtioDevices(vm, this.css, DEFAULT_CSSID, machineHost.defer);
    const host = {
      storage: vm.storage,
      raiseServiceSignal: (parameter: number) => vm.raiseServiceSignal(parameter),
      pendingServiceSignal: () => vm.floating.serviceParameter,
    };
    const facility = (bit: number) => options.model.facilities.has(bit);
    this.sclp = new Sclp(
      host,
      {
        memorySize: options.memorySize,
        cpus: () => Array.from({ length: options.cpus }, (_, address) => ({ address, type: 0 })),
        maximumCpus: options.maximumCpus,
        ibc: { lowest: options.model.ibc, unblocked: options.model.ibc },
        loadParameter: options.loadParameter ?? '',
        characteristics: new Set(facility(131) ? ['esop' as const] : []),
        extendedLengthSccb: facility(140),
      },
      ...devices,
    );
  }

  /** Prepares a CPU for its first run; on the thread that owns the machine. */
  addCpu(state: VcpuState): void {
    initializeVcpu(this.vm, state);
    clearReset(state);
  }

  /** Loads a program into cleared storage and has the first CPU start it. */
  ipl(state: VcpuState, program: Program): LoadResult {
    // Fresh storage is zero, and the host has not yet had to find the memory for it.
    if (this.#program) this.vm.storage.clear();
    const result = loadProgram(this.vm, program);
    if (!result.ok) return result;
    this.#program = program;
    clearReset(state);
    this.#start(state, result.start);
    return result;
  }

  /** Starts the loaded program again, as DIAGNOSE 308 asks for. */
  reboot(state: VcpuState, request: IplRequest): LoadResult {
    const program = this.#program;
    if (!program) throw new Error('nothing was loaded');
    this.vm.floating.clear();
    this.vm.ioEvents.clear();
    this.sclp.reset();
    this.css.reset();
    this.watchdog?.reset();
    if (request.clear) this.vm.storage.clear();
    const result = loadProgram(this.vm, program);
    if (!result.ok) return result;
    if (request.clear) clearReset(state);
    else initialCpuReset(state);
    this.#start(state, result.start);
    return result;
  }

  #start(state: VcpuState, address: bigint): void {
    state.psw = { mask: 0x0000_0001_8000_0000n, address };
    this.vm.states.setState(state.place.cpuAddress, CpuState.operating);
    state.exports.purge(state.block.address);
  }

  /** Does what an exit asks for. */
  handle(state: VcpuState, exit: VcpuExit): Outcome {
    switch (exit.reason) {
      case 'service':
        return this.#service(state, exit.command, exit.sccb);
      case 'stsi':
        return this.#storeSystemInformation(state, exit);
      case 'diagnose':
        return this.#diagnose(state, exit);
      case 'io':
        ioInstruction(this.css, state, exit);
        return RESUME;
      case 'ioInterruption': {
        const code = this.css.takeInterruption(exit.subclasses);
        if (code) state.injectIo(code);
        return RESUME;
      }
      case 'idle':
        return { kind: 'idle', milliseconds: exit.milliseconds };
      case 'stopped':
        return { kind: 'shutdown' };
      case 'disabledWait':
        if ((exit.psw.address & QUIESCED) === QUIESCED) return { kind: 'shutdown' };
        return crash('disabled-wait', exit.psw.mask, exit.psw.address, undefined);
      case 'programLoop':
        return crash('program-interruption-loop', exit.psw.mask, exit.psw.address, exit.code);
      case 'externalLoop':
        return crash('external-interruption-loop', exit.psw.mask, exit.psw.address, exit.code);
      case 'validity':
        return crash('validity', state.psw.mask, state.psw.address, exit.code);
      case 'interrupted':
        return { kind: 'paused', event: undefined };
      case 'debug':
        return { kind: 'paused', event: exit.event };
    }
  }

  #service(state: VcpuState, command: number, sccb: bigint): Outcome {
    const result = this.sclp.serviceCall(command, Number(sccb), state.prefix);
    if (result.kind === 'program') state.injectProgram(result.code);
    else state.setCc(result.cc);
    return RESUME;
  }

  #storeSystemInformation(state: VcpuState, exit: VcpuExit & { reason: 'stsi' }): Outcome {
    const { functionCode, selector1, selector2, operand } = exit;
    if (functionCode === 0) {
      state.setGr32(0, CURRENT_LEVEL << 28);
      state.setCc(0);
      return RESUME;
    }
    const { options } = this;
    const block = systemInformation(functionCode, selector1, selector2, {
      cpus: options.cpus,
      cpuAddress: state.place.cpuAddress,
      name: options.name ?? '',
      uuid: options.uuid ?? new Uint8Array(16),
      machineType: Number((options.model.cpuId >> 16n) & 0xffffn).toString(16),
    });
    if (!block) {
      state.setCc(3);
      return RESUME;
    }
    const failure = state.writeLogical(operand, block);
    if (failure) state.injectProgram(failure.code);
    else state.setCc(0);
    return RESUME;
  }

  #diagnose(state: VcpuState, exit: VcpuExit & { reason: 'diagnose' }): Outcome {
    switch (exit.code) {
      case 0x288:
        if (this.watchdog) this.watchdog.diagnose(state, exit.r1, exit.r3);
        else state.injectProgram(ProgramInterruption.specification);
        return RESUME;
      case 0x308: {
        const result = diagnose308(state, exit.r1, exit.r3, this.#iplParameters, cpuReset);
        return result ? { kind: 'reboot', request: result } : RESUME;
      }
      case 0x500:
        this.virtio.hypercall(state);
        return RESUME;
      default:
        state.injectProgram(ProgramInterruption.specification);
        return RESUME;
    }
  }

  /** A window on absolute storage, for debuggers and dumps. */
  peek(address: number, length: number): Uint8Array | undefined {
    return this.vm.storage.view(absolute(address), length)?.bytes();
  }
}

function makeChannelSubsystem(vm: Vm, { clock, defer }: MachineHost): ChannelSubsystem {
  const { floating } = vm;
  return new ChannelSubsystem({
    defaultCssid: DEFAULT_CSSID,
    storage: new KeyedStorage(vm.storage),
    pendingSubclasses: { subchannels: floating.ioCell, adapters: floating.adapterCell },
    onInterruption: () => vm.kickAll(),
    onChannelReport: () => vm.raiseChannelReport(),
    ...(clock ? { clock } : {}),
    ...(defer ? { defer } : {}),
  });
}

function crash(reason: Crash['reason'], mask: bigint, address: bigint, code: number | undefined): Outcome {
  return { kind: 'crash', crash: { reason, mask, address, code } };
}
