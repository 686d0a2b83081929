/** A vCPU's thread. */
import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import type { DebugSettings } from '@zarch/kvm';
import { runVcpu } from '@zarch/session/threads';
import { nodeClock } from './run/clock.ts';
import type { NodeVcpuData } from './run/node-host.ts';
import { TranslatorEnd } from './run/translator-thread.ts';

if (!parentPort) throw new Error('this is a worker');
const machine = parentPort;
machine.once('message', ({ translator, ...data }: NodeVcpuData) => {
  void runVcpu(data, {
    clock: nodeClock,
    translator: () => {
      if (!translator) throw new Error('nothing was to be translated');
      return new TranslatorEnd(translator, { vm: data.vm, cpuAddress: data.cpuAddress });
    },
    post: (message) => machine.postMessage(message),
    takeSettings: () => receiveMessageOnPort(machine)?.message as DebugSettings | undefined,
  });
});
