/** The machine's end of a vCPU's worker. */
import { Worker } from 'node:worker_threads';
import { instantiateCpu } from '@zarch/cpu';
import { type VcpuExit, VcpuState, type Vm } from '@zarch/kvm';
import { type ClockOrigin, hostClock } from './clock.ts';
import { type ExitMessage, Mailbox, Order, type VcpuCounters, type VcpuWorkerData } from './vcpu-protocol.ts';

export class VcpuThread {
  /** The vCPU's state, to be used while it waits for an order. */
  readonly state: VcpuState;
  counters: VcpuCounters | undefined;
  readonly #worker: Worker;
  readonly #mailbox: Int32Array;

  /**
   * @param onExit - Called with each exit; the vCPU waits until {@link run} or {@link step}.
   * @param onError - Called when the worker fails, which is an error in zarch.
   */
  constructor(
    vm: Vm,
    cpuAddress: number,
    clock: ClockOrigin,
    onExit: (exit: VcpuExit) => void,
    onError: (error: Error) => void,
  ) {
    const exports = instantiateCpu(vm.handle.module, vm.host, {
      clock: hostClock(clock),
      translateAccessRegister: () => [0n, 0x28],
    });
    this.state = new VcpuState(vm, cpuAddress, exports);
    const mailbox = new SharedArrayBuffer(Mailbox.words * 4);
    this.#mailbox = new Int32Array(mailbox);
    const workerData: VcpuWorkerData = { vm: vm.handle, cpuAddress, clock, mailbox };
    // Built code has its worker beside it; in the source tree it is one folder up.
    const file = import.meta.url.endsWith('.ts') ? '../vcpu-worker.ts' : './vcpu-worker.js';
    this.#worker = new Worker(new URL(file, import.meta.url), { workerData, name: `vcpu ${cpuAddress}` });
    this.#worker.on('message', ({ exit, counters }: ExitMessage) => {
      this.counters = counters;
      onExit(exit);
    });
    this.#worker.on('error', onError);
  }

  run(): void {
    this.#order(Order.run);
  }
  step(): void {
    this.#order(Order.step);
  }
  /** Has the vCPU come back with an `interrupted` exit. */
  interrupt(): void {
    this.state.place.local.requestExit();
  }
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #order(order: number): void {
    Atomics.store(this.#mailbox, Mailbox.order, order);
    Atomics.notify(this.#mailbox, Mailbox.order);
  }
}
