/** A vCPU on a thread of its own. It runs the guest until something is for the machine, and waits for the answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { LocalInterrupts, Vcpu, Vm } from '@zarch/kvm';
import { hostClock } from './run/clock.ts';
import { type ExitMessage, Mailbox, Order, type VcpuWorkerData } from './run/vcpu-protocol.ts';

const data = workerData as VcpuWorkerData;
const mailbox = new Int32Array(data.mailbox);
const vm = new Vm(data.vm.options, data.vm);
const vcpu = new Vcpu(vm, data.cpuAddress, { clock: hostClock(data.clock) });
const { local } = vcpu.state.place;

/** Waits for the machine's order. */
function nextOrder(): number {
  for (;;) {
    const order = Atomics.exchange(mailbox, Mailbox.order, Order.none);
    if (order !== Order.none) return order;
    Atomics.wait(mailbox, Mailbox.order, Order.none);
  }
}

for (;;) {
  const single = nextOrder() === Order.step;
  let exit = vcpu.run(single);
  // An enabled wait is slept through here; a kick or a timer ends it.
  while (exit.reason === 'idle' && !single) {
    Atomics.wait(local.words, LocalInterrupts.KICK, 0, exit.milliseconds ?? Number.POSITIVE_INFINITY);
    exit = vcpu.run();
  }
  const counters = { ...vcpu.engine.counters, interceptions: [...vcpu.interceptions] };
  const message: ExitMessage = { exit, counters };
  parentPort?.postMessage(message);
}
