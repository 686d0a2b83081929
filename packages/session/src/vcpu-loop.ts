/**
 * A vCPU on a thread of its own. It runs the guest until something is for the machine, and waits for the answer.
 *
 * Some hosts let messages in only while a thread is in its event loop, where a vCPU never is. There whoever posts a
 * message counts it in the mailbox and has the vCPU leave the guest, which then waits for the message and goes on.
 */
import { cpuLayout, type TranslatorPort } from '@zarch/cpu';
import { type DebugSettings, LocalInterrupts, Vcpu, type VcpuExit, Vm } from '@zarch/kvm';
import { InstructionTrace } from '@zarch/machine/trace';
import { mmuLayout } from '@zarch/memory';
import { type HostClock, todClock } from './clock.ts';
import { Mailbox, Order, type VcpuCounters, type VcpuMessage, type VcpuWorkerData } from './vcpu-protocol.ts';

/** What the loop needs of the thread it is on. */
export interface VcpuLoopHost {
  readonly clock: HostClock;
  /** The way to the translator's thread; asked for once, unless nothing is to be translated. */
  readonly translator: (vm: Vm) => TranslatorPort;
  /** Gives the machine's thread a message. */
  readonly post: (message: VcpuMessage) => void;
  /** Break- and watchpoints that the machine has posted. */
  readonly takeSettings: () => DebugSettings | undefined;
  /** Fulfilled when so many messages have come in all; absent where messages can be taken at any time. */
  readonly received?: (count: number) => Promise<void>;
}

/** Characters of trace in one message, and messages that may be under way. */
const TRACE_PIECE = 1 << 16;
const TRACES_AHEAD = 8;

class VcpuLoop {
  readonly #host: VcpuLoopHost;
  readonly #mailbox: Int32Array;
  readonly #vcpu: Vcpu;
  #received = 0;
  #trace = '';

  constructor(data: VcpuWorkerData, host: VcpuLoopHost) {
    this.#host = host;
    this.#mailbox = new Int32Array(data.mailbox);
    const { threshold } = data;
    const vm = new Vm(data.vm.options, data.vm);
    const translation = threshold > 0 ? { translator: host.translator(vm), threshold } : undefined;
    const observer = data.trace && new InstructionTrace(data.trace, (line) => this.#traceLine(line));
    this.#vcpu = new Vcpu(vm, data.cpuAddress, {
      clock: todClock(data.clock, host.clock),
      onIoEvent: () => host.post({ ioEvent: true }),
      translation,
      ...(observer ? { observer } : {}),
    });
  }

  async run(): Promise<never> {
    for (;;) {
      const single = this.#nextOrder() === Order.step;
      let exit: VcpuExit;
      do {
        const arrival = this.#arrival();
        if (arrival) await arrival;
        this.#takeSettings();
        exit = this.#runGuest(single);
      } while (exit.reason === 'interrupted' && !this.#isWanted());
      this.#sendTrace();
      this.#host.post({ exit, counters: this.#counters() });
    }
  }

  #runGuest(single: boolean): VcpuExit {
    const { local } = this.#vcpu.state.place;
    for (;;) {
      const exit = this.#vcpu.run(single);
      if (exit.reason !== 'idle') return exit;
      // An enabled wait is slept through here; a kick or a timer ends it.
      this.#sendTrace();
      Atomics.wait(local.words, LocalInterrupts.KICK, 0, exit.milliseconds ?? Number.POSITIVE_INFINITY);
    }
  }

  /** Waits for the machine's order. */
  #nextOrder(): number {
    for (;;) {
      const order = Atomics.exchange(this.#mailbox, Mailbox.order, Order.none);
      if (order !== Order.none) return order;
      Atomics.wait(this.#mailbox, Mailbox.order, Order.none);
    }
  }

  /** Whether it is the machine that had the guest left. */
  #isWanted(): boolean {
    return this.#host.received === undefined || Atomics.exchange(this.#mailbox, Mailbox.interrupt, 0) !== 0;
  }

  /** Fulfilled when the messages that are under way have come; undefined if there are none. */
  #arrival(): Promise<void> | undefined {
    const { received } = this.#host;
    const posted = received ? Atomics.load(this.#mailbox, Mailbox.messages) : 0;
    if (!received || posted === this.#received) return undefined;
    this.#received = posted;
    return received(posted);
  }

  #takeSettings(): void {
    for (let settings = this.#host.takeSettings(); settings; settings = this.#host.takeSettings()) {
      this.#vcpu.debugger.settings = settings;
    }
  }

  #traceLine(line: string): void {
    this.#trace += `${line}\n`;
    if (this.#trace.length >= TRACE_PIECE) this.#sendTrace();
  }

  /** Sends the trace so far, and waits for a machine that is behind. */
  #sendTrace(): void {
    if (this.#trace === '') return;
    const mailbox = this.#mailbox;
    const trace = this.#trace;
    this.#trace = '';
    let ahead = Atomics.add(mailbox, Mailbox.traces, 1) + 1;
    this.#host.post({ trace });
    for (; ahead > TRACES_AHEAD; ahead = Atomics.load(mailbox, Mailbox.traces)) {
      Atomics.wait(mailbox, Mailbox.traces, ahead);
    }
  }

  #counters(): VcpuCounters {
    const { engine, interceptions } = this.#vcpu;
    const count = (offset: number) => Number(engine.block.u64(offset));
    return {
      ...engine.counters,
      tlbMisses: count(mmuLayout.misses),
      regionEntries: count(cpuLayout.regionEntries),
      interpreted: count(cpuLayout.interpreted),
      code: engine.code?.counters,
      interceptions: [...interceptions],
    };
  }
}

/** Runs a vCPU on this thread, by orders of the machine's thread, until the thread is ended. */
export function runVcpu(data: VcpuWorkerData, host: VcpuLoopHost): Promise<never> {
  return new VcpuLoop(data, host).run();
}
