/** A running machine: its vCPU's thread, its consoles, and how it ends. */
import { Vm } from '@zarch/kvm';
import { type Crash, Machine, type MachineOptions, type Program } from '@zarch/machine';
import type { EventDevice } from '@zarch/sclp';
import { clockOrigin } from './clock.ts';
import { VcpuThread } from './vcpu-thread.ts';

/** How a session ended. */
export type SessionEnd =
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'reboot' }
  | { readonly kind: 'crash'; readonly crash: Crash }
  | { readonly kind: 'quit' }
  | { readonly kind: 'error'; readonly error: Error };

export interface SessionOptions {
  readonly machine: MachineOptions;
  readonly program: Program;
  readonly devices: readonly EventDevice[];
  /** End, instead of starting again, when the guest asks for a restart. */
  readonly noReboot: boolean;
  /** Wait for {@link Session.resume} before the first instruction. */
  readonly startStopped: boolean;
}

/** The program does not fit the machine. */
export class LoadError extends Error {}

export class Session {
  readonly machine: Machine;
  readonly thread: VcpuThread;
  readonly ended: Promise<SessionEnd>;
  readonly #options: SessionOptions;
  #end: (end: SessionEnd) => void = () => {};
  /** Called when the vCPU came back because of {@link pause} or after a step. */
  onPaused: (why: 'interrupted' | 'debug') => void = () => {};

  constructor(options: SessionOptions) {
    this.#options = options;
    const { machine } = options;
    const vm = new Vm({ memorySize: machine.memorySize, maximumCpus: 1, model: machine.model });
    this.machine = new Machine(machine, vm, ...options.devices);
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.thread = new VcpuThread(
      vm,
      0,
      clockOrigin(),
      (exit) => {
        try {
          this.#outcome(this.machine.handle(this.thread.state, exit));
        } catch (error) {
          this.#end({ kind: 'error', error: error as Error });
        }
      },
      (error) => this.#end({ kind: 'error', error }),
    );
    this.machine.addCpu(this.thread.state);
    const loaded = this.machine.ipl(this.thread.state, options.program);
    if (!loaded.ok) {
      void this.thread.terminate();
      throw new LoadError(`the ${loaded.what} ${loaded.message}`);
    }
    if (!options.startStopped) this.thread.run();
  }

  /** Runs the vCPU, which waits. */
  resume(): void {
    this.thread.run();
  }
  pause(): void {
    this.thread.interrupt();
  }
  /** Asks the guest to shut down; false if it does not listen. */
  quiesce(): boolean {
    return this.machine.sclp.quiesce();
  }
  quit(): void {
    this.#end({ kind: 'quit' });
  }
  async close(): Promise<void> {
    await this.thread.terminate();
  }

  #outcome(outcome: ReturnType<Machine['handle']>): void {
    switch (outcome.kind) {
      case 'resume':
      case 'idle':
        this.thread.run();
        return;
      case 'paused':
        this.onPaused(outcome.why);
        return;
      case 'shutdown':
        this.#end({ kind: 'shutdown' });
        return;
      case 'crash':
        this.#end({ kind: 'crash', crash: outcome.crash });
        return;
      case 'reboot':
        if (this.#options.noReboot) this.#end({ kind: 'reboot' });
        else {
          this.machine.reboot(this.thread.state, outcome.request);
          this.thread.run();
        }
    }
  }
}
