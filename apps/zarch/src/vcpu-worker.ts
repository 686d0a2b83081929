/** A vCPU on a thread of its own. It runs the guest until something is for the machine, and waits for the answer. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { cpuLayout } from '@zarch/cpu';
import { type DebugSettings, LocalInterrupts, Vcpu, Vm } from '@zarch/kvm';
import { InstructionTrace } from '@zarch/machine';
import { mmuLayout } from '@zarch/memory';
import { hostClock } from './run/clock.ts';
import { TranslatorThread } from './run/translator-thread.ts';
import {
  type ExitMessage,
  type IoEventMessage,
  Mailbox,
  Order,
  type TraceMessage,
  type VcpuWorkerData,
} from './run/vcpu-protocol.ts';

const data = workerData as VcpuWorkerData;
const mailbox = new Int32Array(data.mailbox);
const vm = new Vm(data.vm.options, data.vm);
const clock = hostClock(data.clock);
const observer = data.trace ? new InstructionTrace(data.trace, traceLine) : undefined;
const { threshold } = data;
const translation =
  threshold > 0 ? { translator: new TranslatorThread(vm, data.cpuAddress), threshold } : undefined;
const onIoEvent = () => parentPort?.postMessage({ ioEvent: true } satisfies IoEventMessage);
const vcpu = new Vcpu(vm, data.cpuAddress, {
  clock,
  onIoEvent,
  translation,
  ...(observer ? { observer } : {}),
});
const { local } = vcpu.state.place;

/** Characters of trace in one message, and messages that may be under way. */
const TRACE_PIECE = 1 << 16;
const TRACES_AHEAD = 8;
let traceText = '';

function traceLine(line: string): void {
  traceText += `${line}\n`;
  if (traceText.length >= TRACE_PIECE) sendTrace();
}

/** Sends the trace so far, and waits for a machine that is behind. */
function sendTrace(): void {
  if (traceText === '') return;
  const message: TraceMessage = { trace: traceText };
  traceText = '';
  let ahead = Atomics.add(mailbox, Mailbox.traces, 1) + 1;
  parentPort?.postMessage(message);
  for (; ahead > TRACES_AHEAD; ahead = Atomics.load(mailbox, Mailbox.traces)) {
    Atomics.wait(mailbox, Mailbox.traces, ahead);
  }
}

/** Waits for the machine's order. */
function nextOrder(): number {
  for (;;) {
    const order = Atomics.exchange(mailbox, Mailbox.order, Order.none);
    if (order !== Order.none) return order;
    Atomics.wait(mailbox, Mailbox.order, Order.none);
  }
}

/** Takes the break- and watchpoints that came with an order. */
function takeSettings(): void {
  if (!parentPort) return;
  for (let note = receiveMessageOnPort(parentPort); note; note = receiveMessageOnPort(parentPort)) {
    vcpu.debugger.settings = note.message as DebugSettings;
  }
}

for (;;) {
  const single = nextOrder() === Order.step;
  takeSettings();
  let exit = vcpu.run(single);
  // An enabled wait is slept through here; a kick or a timer ends it.
  while (exit.reason === 'idle') {
    sendTrace();
    Atomics.wait(local.words, LocalInterrupts.KICK, 0, exit.milliseconds ?? Number.POSITIVE_INFINITY);
    exit = vcpu.run(single);
  }
  sendTrace();
  const { engine } = vcpu;
  const count = (offset: number) => Number(engine.block.u64(offset));
  const counters = {
    ...engine.counters,
    tlbMisses: count(mmuLayout.misses),
    regionEntries: count(cpuLayout.regionEntries),
    interpreted: count(cpuLayout.interpreted),
    code: engine.code?.counters,
    interceptions: [...vcpu.interceptions],
  };
  const message: ExitMessage = { exit, counters };
  parentPort?.postMessage(message);
}
