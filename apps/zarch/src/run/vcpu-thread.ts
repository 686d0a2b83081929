/** The machine's end of a vCPU's worker. */
import { Worker } from 'node:worker_threads';
import { instantiateCpu } from '@zarch/cpu';
import { cpuImports, type DebugSettings, type VcpuExit, VcpuState, type Vm } from '@zarch/kvm';
import type { TraceItems } from '@zarch/machine';
import { type ClockOrigin, hostClock } from './clock.ts';
import { workerLimits } from './engine-flags.ts';
import {
  type ExitMessage,
  type IoEventMessage,
  Mailbox,
  Order,
  type TraceMessage,
  type VcpuCounters,
  type VcpuWorkerData,
} from './vcpu-protocol.ts';

export interface VcpuThreadOptions {
  readonly clock: ClockOrigin;
  /** What the thread traces, if anything. */
  readonly trace: TraceItems | undefined;
  /** Visits after which code is translated; 0 is never. */
  readonly threshold: number;
}

export interface VcpuThreadEvents {
  /** An exit; the vCPU waits until {@link VcpuThread.run} or {@link VcpuThread.step}. */
  readonly onExit: (exit: VcpuExit) => void;
  /** Notifications of devices are to be served. */
  readonly onIoEvent: () => void;
  /** Lines of trace, each with its end. */
  readonly onTrace: (text: string) => void;
  /** The worker failed, which is an error in zarch. */
  readonly onError: (error: Error) => void;
}

export class VcpuThread {
  /** The vCPU's state, to be used while it waits for an order. */
  readonly state: VcpuState;
  counters: VcpuCounters | undefined;
  readonly #worker: Worker;
  readonly #mailbox: Int32Array;
  #running = false;
  #settings: DebugSettings | undefined;
  #terminated = false;

  constructor(
    vm: Vm,
    cpuAddress: number,
    { clock, trace, threshold }: VcpuThreadOptions,
    events: VcpuThreadEvents,
  ) {
    const { onExit, onIoEvent, onTrace, onError } = events;
    const exports = instantiateCpu(vm.handle.module, vm.host, cpuImports(vm, hostClock(clock)));
    this.state = new VcpuState(vm, cpuAddress, exports);
    const mailbox = new SharedArrayBuffer(Mailbox.words * 4);
    this.#mailbox = new Int32Array(mailbox);
    const workerData: VcpuWorkerData = { vm: vm.handle, cpuAddress, clock, trace, threshold, mailbox };
    // Built code has its worker beside it; in the source tree it is one folder up.
    const file = import.meta.url.endsWith('.ts') ? '../vcpu-worker.ts' : './vcpu-worker.js';
    this.#worker = new Worker(new URL(file, import.meta.url), {
      workerData,
      name: `vcpu ${cpuAddress}`,
      resourceLimits: workerLimits,
    });
    this.#worker.on('message', (message: ExitMessage | TraceMessage | IoEventMessage) => {
      if (this.#terminated) return;
      if ('ioEvent' in message) {
        onIoEvent();
        return;
      }
      if ('trace' in message) {
        onTrace(message.trace);
        Atomics.sub(this.#mailbox, Mailbox.traces, 1);
        Atomics.notify(this.#mailbox, Mailbox.traces);
        return;
      }
      const { exit, counters } = message;
      this.counters = counters;
      this.#running = false;
      onExit(exit);
    });
    this.#worker.on('error', onError);
    this.#worker.on('exit', (code) => {
      if (!this.#terminated) onError(new Error(`the thread of CPU ${cpuAddress} ended with status ${code}`));
    });
  }

  /** Whether the vCPU has an order that it has not answered yet. */
  get running(): boolean {
    return this.#running;
  }
  run(): void {
    this.#order(Order.run);
  }
  /** Executes one instruction. */
  step(): void {
    this.#order(Order.step);
  }
  /** Break- and watchpoints, from the next order on. */
  set settings(settings: DebugSettings) {
    this.#settings = settings;
  }
  /** Has the running vCPU come back, with an `interrupted` exit unless another one is first. */
  interrupt(): void {
    this.state.place.local.requestExit();
  }
  async terminate(): Promise<void> {
    this.#terminated = true;
    await this.#worker.terminate();
  }

  #order(order: number): void {
    if (this.#running) throw new Error('the vCPU is running already');
    this.#running = true;
    // The message is in the worker's queue before the order is.
    if (this.#settings) this.#worker.postMessage(this.#settings);
    this.#settings = undefined;
    Atomics.store(this.#mailbox, Mailbox.order, order);
    Atomics.notify(this.#mailbox, Mailbox.order);
  }
}
