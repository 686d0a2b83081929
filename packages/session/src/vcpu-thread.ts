/** The machine's end of a vCPU's thread. */
import { instantiateCpu } from '@zarch/cpu';
import { cpuImports, type DebugSettings, type VcpuExit, VcpuState, type Vm } from '@zarch/kvm';
import type { TraceItems } from '@zarch/machine/trace';
import { type ClockOrigin, todClock } from './clock.ts';
import type { SessionHost, VcpuWorker } from './session-host.ts';
import { Mailbox, Order, type VcpuCounters, type VcpuMessage } from './vcpu-protocol.ts';

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
  readonly #worker: VcpuWorker;
  readonly #events: VcpuThreadEvents;
  readonly #mailbox: Int32Array;
  #running = false;
  #settings: DebugSettings | undefined;
  #terminated = false;

  constructor(
    vm: Vm,
    cpuAddress: number,
    host: SessionHost,
    { clock, trace, threshold }: VcpuThreadOptions,
    events: VcpuThreadEvents,
  ) {
    this.#events = events;
    const exports = instantiateCpu(vm.handle.module, vm.host, cpuImports(vm, todClock(clock, host.clock)));
    this.state = new VcpuState(vm, cpuAddress, exports);
    const mailbox = new SharedArrayBuffer(Mailbox.words * 4);
    this.#mailbox = new Int32Array(mailbox);
    const data = { vm: vm.handle, cpuAddress, clock, trace, threshold, mailbox };
    this.#worker = host.startVcpu(data, {
      onMessage: (message) => this.#take(message),
      onError: (error) => {
        if (!this.#terminated) events.onError(error);
      },
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
    Atomics.store(this.#mailbox, Mailbox.interrupt, 1);
    this.state.place.local.requestExit();
  }
  async terminate(): Promise<void> {
    this.#terminated = true;
    await this.#worker.terminate();
  }

  #take(message: VcpuMessage): void {
    if (this.#terminated) return;
    if ('ioEvent' in message) {
      this.#events.onIoEvent();
      return;
    }
    if ('trace' in message) {
      this.#events.onTrace(message.trace);
      Atomics.sub(this.#mailbox, Mailbox.traces, 1);
      Atomics.notify(this.#mailbox, Mailbox.traces);
      return;
    }
    const { exit, counters } = message;
    this.counters = counters;
    this.#running = false;
    this.#events.onExit(exit);
  }

  #order(order: number): void {
    if (this.#running) throw new Error('the vCPU is running already');
    this.#running = true;
    if (this.#settings) {
      // The message is on its way to the worker before the order is.
      this.#worker.post(this.#settings);
      Atomics.add(this.#mailbox, Mailbox.messages, 1);
      this.#settings = undefined;
    }
    Atomics.store(this.#mailbox, Mailbox.order, order);
    Atomics.notify(this.#mailbox, Mailbox.order);
  }
}
