/** A running machine: its vCPU's thread, what may stop and start it, and how it ends. */
import { type DebugEvent, type DebugSettings, restartCpu, Vm } from '@zarch/kvm';
import {
  type Crash,
  Machine,
  type MachineOptions,
  type Outcome,
  type Program,
  Watchdog,
} from '@zarch/machine';
import type { TraceItems } from '@zarch/machine/trace';
import type { EventDevice } from '@zarch/sclp';
import { clockOrigin, todClock } from './clock.ts';
import type { SessionHost } from './session-host.ts';
import { VcpuThread } from './vcpu-thread.ts';

/** How a session ended. */
export type SessionEnd =
  /** The guest powered off, or asked for a restart that is not wanted. */
  | { readonly kind: 'shutdown'; readonly why: 'guest' | 'reboot' | 'watchdog' | 'panic' }
  | { readonly kind: 'crash' }
  /** The user ended it. */
  | { readonly kind: 'quit' }
  | { readonly kind: 'error'; readonly error: Error };

export type WatchdogAction = 'reset' | 'shutdown' | 'poweroff' | 'pause' | 'debug' | 'none' | 'inject-nmi';

/** What a session does when something happens to the guest; the names are QEMU's. */
export interface SessionActions {
  readonly panic: 'pause' | 'shutdown' | 'exit-failure' | 'none';
  readonly reboot: 'reset' | 'shutdown';
  readonly shutdown: 'poweroff' | 'pause';
  readonly watchdog: WatchdogAction;
}

/** What happens, for logs and messages. */
export type SessionEvent =
  | { readonly kind: 'start'; readonly address: bigint }
  | { readonly kind: 'crash'; readonly crash: Crash }
  | { readonly kind: 'watchdog'; readonly action: WatchdogAction }
  | { readonly kind: 'paused' }
  /** Lines of trace, each with its end. */
  | { readonly kind: 'trace'; readonly text: string }
  | { readonly kind: 'exit'; readonly exit: Parameters<Machine['handle']>[1]; readonly outcome: Outcome };

export interface SessionOptions {
  readonly host: SessionHost;
  readonly machine: MachineOptions;
  readonly program: Program;
  readonly devices: readonly EventDevice[];
  /** Installs the machine's other devices, before the guest runs. */
  readonly attach?: (machine: Machine) => void;
  readonly watchdog: boolean;
  readonly actions: SessionActions;
  /** Wait for {@link Session.resume} before the first instruction. */
  readonly startStopped: boolean;
  /** A promise while the guest's output piles up: the guest does not run until it is fulfilled. */
  readonly congestion?: () => Promise<void> | undefined;
  readonly onEvent?: (event: SessionEvent) => void;
  /** Makes every instruction be looked at, which is slow. */
  readonly trace?: TraceItems | undefined;
  /** Visits after which code is translated; 0 is never. */
  readonly threshold: number;
}

/** The program does not fit the machine. */
export class LoadError extends Error {
  readonly what: 'kernel' | 'initrd' | 'command line';
  constructor(what: 'kernel' | 'initrd' | 'command line', message: string) {
    super(message);
    this.what = what;
  }
}

export class Session {
  readonly machine: Machine;
  readonly thread: VcpuThread;
  readonly ended: Promise<SessionEnd>;
  /** Called when the guest has stopped: with an event for the debugger, or because of {@link pause} and the like. */
  onPaused: (event: DebugEvent | undefined) => void = () => {};
  readonly #options: SessionOptions;
  #end: (end: SessionEnd) => void = () => {};
  #over = false;
  #paused: boolean;
  /** A single step is under way. */
  #stepping = false;
  /** To be done as soon as the vCPU has stopped executing. */
  #tasks: (() => void)[] = [];

  /** @throws {LoadError} */
  constructor(options: SessionOptions) {
    this.#options = options;
    const { machine, host } = options;
    const clock = clockOrigin(host.clock);
    const vm = new Vm({ memorySize: machine.memorySize, maximumCpus: 1, model: machine.model });
    this.machine = new Machine(machine, vm, options.devices, {
      clock: todClock(clock, host.clock),
      defer: (work) => host.defer(() => this.#guarded(work)),
    });
    options.attach?.(this.machine);
    if (options.watchdog) this.machine.watchdog = this.#makeWatchdog();
    this.ended = new Promise((resolve) => {
      this.#end = (end) => {
        this.#over = true;
        this.machine.watchdog?.reset();
        resolve(end);
      };
    });
    this.#paused = options.startStopped;
    const vcpu = { clock, trace: options.trace, threshold: options.threshold };
    this.thread = new VcpuThread(vm, 0, host, vcpu, {
      onExit: (exit) =>
        this.#guarded(() => {
          const outcome = this.machine.handle(this.thread.state, exit);
          this.#emit({ kind: 'exit', exit, outcome });
          this.#outcome(outcome);
        }),
      onIoEvent: () => this.#guarded(() => this.machine.virtio.serveEvents()),
      onTrace: (text) => this.#emit({ kind: 'trace', text }),
      onError: (error) => this.#end({ kind: 'error', error }),
    });
    try {
      this.machine.addCpu(this.thread.state);
      const loaded = this.machine.ipl(this.thread.state, options.program);
      if (!loaded.ok) throw new LoadError(loaded.what, loaded.message);
      this.#emit({ kind: 'start', address: loaded.start });
    } catch (error) {
      void this.thread.terminate();
      throw error;
    }
    this.#continue();
  }

  /** Whether the guest waits for {@link resume} or {@link step}. */
  get paused(): boolean {
    return this.#paused;
  }
  /** Goes on after a pause. */
  resume(): void {
    this.#paused = false;
    this.#continue();
  }
  /** Stops the guest; {@link onPaused} is called when it has stopped. */
  pause(): void {
    this.#whenStopped(() => {
      this.#stopped(undefined);
    });
  }
  /** Executes one instruction of a paused guest; {@link onPaused} is called afterwards. */
  step(): void {
    if (!this.#paused || this.thread.running || this.#over) return;
    this.#stepping = true;
    this.thread.step();
  }
  /** Sets break- and watchpoints of a paused guest. */
  debug(settings: DebugSettings): void {
    this.thread.settings = settings;
  }
  /** Asks the guest to shut down; false if it does not listen. */
  quiesce(): boolean {
    return this.machine.sclp.quiesce();
  }
  /** Restarts the machine, as its reset key does. */
  reset(): void {
    this.#whenStopped(() => this.#reboot({ clear: false }));
  }
  quit(): void {
    this.#end({ kind: 'quit' });
  }
  async close(): Promise<void> {
    this.#end({ kind: 'quit' });
    await this.thread.terminate();
  }

  #emit(event: SessionEvent): void {
    this.#options.onEvent?.(event);
  }

  #guarded(work: () => void): void {
    if (this.#over) return;
    try {
      work();
    } catch (error) {
      this.#end({ kind: 'error', error: error instanceof Error ? error : new Error(String(error)) });
    }
  }

  /** Does something with the vCPU's state when the vCPU is not executing. */
  #whenStopped(task: () => void): void {
    this.#tasks.push(task);
    if (this.thread.running) this.thread.interrupt();
    else this.#continue();
  }

  /** Lets the guest run, unless something is to be done first or it is paused. */
  #continue(): void {
    while (!this.thread.running && !this.#over) {
      const task = this.#tasks.shift();
      if (!task) break;
      task();
    }
    if (this.#paused || this.#over || this.thread.running) return;
    const congestion = this.#options.congestion?.();
    if (!congestion) this.thread.run();
    else {
      void congestion.then(() => this.#guarded(() => this.#continue()));
    }
  }

  #outcome(outcome: Outcome): void {
    switch (outcome.kind) {
      case 'resume':
      case 'idle':
        if (this.#stepping) this.#stopped({ kind: 'step' });
        this.#continue();
        return;
      case 'paused':
        if (outcome.event) this.#stopped(outcome.event);
        // A request to stop that had been met otherwise was left over.
        else if (this.#stepping && this.#tasks.length === 0) this.thread.step();
        this.#continue();
        return;
      case 'shutdown':
        this.#shutdown('guest');
        return;
      case 'crash':
        this.#crash(outcome.crash);
        return;
      case 'reboot':
        this.#reboot(outcome.request);
        if (this.#stepping) this.#stopped({ kind: 'step' });
        this.#continue();
    }
  }

  #stopped(event: DebugEvent | undefined): void {
    this.#paused = true;
    this.#stepping = false;
    this.onPaused(event);
  }

  #reboot(request: { readonly clear: boolean }): void {
    if (this.#options.actions.reboot === 'shutdown') {
      this.#shutdown('reboot');
      return;
    }
    const loaded = this.machine.reboot(this.thread.state, request);
    if (!loaded.ok) throw new LoadError(loaded.what, loaded.message);
    this.#emit({ kind: 'start', address: loaded.start });
  }

  #shutdown(why: 'guest' | 'reboot' | 'watchdog' | 'panic'): void {
    if (this.#options.actions.shutdown === 'poweroff') this.#end({ kind: 'shutdown', why });
    else this.#stay();
  }

  /** Stays as it is, stopped, until the user ends it. */
  #stay(): void {
    this.#emit({ kind: 'paused' });
    this.#stopped(undefined);
  }

  #crash(crash: Crash): void {
    this.#emit({ kind: 'crash', crash });
    switch (this.#options.actions.panic) {
      case 'shutdown':
        this.#shutdown('panic');
        return;
      case 'exit-failure':
        this.#end({ kind: 'crash' });
        return;
      default:
        this.#stay();
    }
  }

  #makeWatchdog(): Watchdog {
    return new Watchdog({
      schedule: this.#options.host.schedule,
      onExpired: () => this.#guarded(() => this.#watchdogExpired()),
    });
  }

  #watchdogExpired(): void {
    const action = this.#options.actions.watchdog;
    this.#emit({ kind: 'watchdog', action });
    switch (action) {
      case 'reset':
        this.reset();
        return;
      case 'shutdown':
        this.quiesce();
        return;
      case 'poweroff':
        this.#end({ kind: 'shutdown', why: 'watchdog' });
        return;
      case 'pause':
        this.pause();
        return;
      case 'inject-nmi':
        restartCpu(this.machine.vm, 0);
    }
  }
}
