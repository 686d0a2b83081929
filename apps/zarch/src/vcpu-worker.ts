/** A vCPU's thread. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { DebugSettings } from '@zarch/kvm';
import { runVcpu, type VcpuWorkerData } from '@zarch/session';
import { nodeClock } from './run/clock.ts';
import { TranslatorThread } from './run/translator-thread.ts';

if (!parentPort) throw new Error('this is a worker');
const machine = parentPort;
const data = workerData as VcpuWorkerData;
await runVcpu(data, {
  clock: nodeClock,
  translator: () => new TranslatorThread(data.vm, data.cpuAddress),
  post: (message) => machine.postMessage(message),
  takeSettings: () => receiveMessageOnPort(machine)?.message as DebugSettings | undefined,
});
