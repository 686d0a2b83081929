/** A virtual machine: host storage, guest storage, the CPU module, and what its vCPUs share. */
import { absolute } from '@zarch/arch';
import { buildCpuModule, CPU_BLOCK_SIZE } from '@zarch/cpu';
import { AbsoluteStorage, HostStorage, STATE_DESCRIPTION_SIZE } from '@zarch/memory';
import { CpuStates } from '@zarch/sigp';
import type { CpuModel } from './cpu-model.ts';
import { FloatingInterrupts, LocalInterrupts } from './interrupt-state.ts';
import { IoEvents } from './io-events.ts';

export interface VmOptions {
  /** Bytes of guest storage. */
  readonly memorySize: number;
  readonly maximumCpus: number;
  readonly model: CpuModel;
}

/** What another thread needs to join a VM: shared memory and a compiled module, which `postMessage` can carry. */
export interface VmHandle {
  readonly options: VmOptions;
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
}

/** Where a vCPU's control blocks are in host storage. */
export interface VcpuPlace {
  readonly cpuAddress: number;
  readonly block: number;
  readonly stateDescription: number;
  readonly local: LocalInterrupts;
}

/** Beside the blocks: state descriptions, interruption words, alignment. */
const OTHER_CONTROL = 1 << 20;
const SCA_SIZE = 4096;

/** Bytes of host storage that a VM takes beside its guest storage. */
export function controlSize(memorySize: number, maximumCpus: number): number {
  return 5 * (memorySize / 4096) + maximumCpus * (CPU_BLOCK_SIZE + 8192) + OTHER_CONTROL;
}

/** The largest guest storage that fits a 32-bit host storage, in bytes: whole MiB. */
export function maximumMemory(maximumCpus: number): number {
  const MIB = 1 << 20;
  // Keys and words about code take five bytes for 4 KiB; 6 MiB cover them and the rounding for any size.
  return Math.floor(HostStorage.guestLimit(controlSize(0, maximumCpus) + 6 * MIB) / MIB) * MIB;
}

function works(model: CpuModel, bit: number): boolean {
  return model.facilities.has(bit) || model.unannounced?.has(bit) === true;
}

export class Vm {
  readonly handle: VmHandle;
  readonly host: HostStorage;
  readonly storage: AbsoluteStorage;
  readonly floating: FloatingInterrupts;
  /** Notifications of devices that need no exit. */
  readonly ioEvents: IoEvents;
  /** CPU states, and the signals that wait for each CPU. */
  readonly states: CpuStates;
  /** Host address of the system control area. */
  readonly sca: number;
  readonly places: readonly VcpuPlace[];

  /** @param handle - Given by the thread that made the VM, when this is another one. */
  constructor(options: VmOptions, handle?: VmHandle) {
    const { memorySize, maximumCpus } = options;
    this.host = new HostStorage(memorySize, controlSize(memorySize, maximumCpus), handle?.memory);
    this.storage = new AbsoluteStorage(this.host, memorySize);
    this.floating = new FloatingInterrupts(this.host);
    this.ioEvents = new IoEvents(this.host);
    const states = this.host.allocate(CpuStates.size(maximumCpus), 64);
    this.states = new CpuStates(this.host.memory.buffer, states, maximumCpus);
    this.sca = this.host.allocate(SCA_SIZE, 4096);
    this.places = Array.from({ length: maximumCpus }, (_, cpuAddress) => ({
      cpuAddress,
      stateDescription: this.host.allocate(STATE_DESCRIPTION_SIZE, 512),
      local: new LocalInterrupts(this.host),
      block: this.host.allocate(CPU_BLOCK_SIZE, 4096),
    }));
    const compile = () => new WebAssembly.Module(buildCpuModule((bit) => works(options.model, bit)));
    this.handle = handle ?? { options, memory: this.host.memory, module: compile() };
  }

  get model(): CpuModel {
    return this.handle.options.model;
  }

  /** Makes a service signal pending and has the CPUs look for it. */
  raiseServiceSignal(parameter: number): void {
    this.floating.raiseServiceSignal(parameter);
    this.kickAll();
  }

  /** Makes the machine check "channel report pending" pending and has the CPUs look for it. */
  raiseChannelReport(): void {
    this.floating.raiseChannelReport();
    this.kickAll();
  }

  /** Has all CPUs look at what is pending. */
  kickAll(): void {
    for (const { local } of this.places) local.kick();
  }

  /** Loads bytes into absolute storage; a RangeError when they do not fit. */
  load(address: number, bytes: Uint8Array): void {
    const view = this.storage.view(absolute(address), bytes.length);
    if (!view) throw new RangeError(`${bytes.length} bytes at ${address} are outside the guest's storage`);
    view.setBytes(0, bytes);
  }
}
