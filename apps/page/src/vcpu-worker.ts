/** A vCPU's thread. It takes messages when it comes back to its event loop, which it does when it is told of some. */
import type { TranslationRequest, TranslatorAnswer } from '@zarch/cpu';
import type { DebugSettings } from '@zarch/kvm';
import { runVcpu, type VcpuMessage } from '@zarch/session/threads';
import { Arrivals } from './arrivals.ts';
import { browserClock } from './clock.ts';
import type { VcpuStart } from './vcpu-start.ts';

self.addEventListener('message', ({ data }: MessageEvent<VcpuStart>) => start(data), { once: true });

function start({ data, translator }: VcpuStart): void {
  const arrivals = new Arrivals();
  const answers: TranslatorAnswer[] = [];
  const settings: DebugSettings[] = [];
  translator?.addEventListener('message', ({ data }: MessageEvent<TranslatorAnswer>) => {
    answers.push(data);
    arrivals.add();
  });
  translator?.start();
  self.addEventListener('message', ({ data }: MessageEvent<DebugSettings>) => {
    settings.push(data);
    arrivals.add();
  });
  runVcpu(data, {
    clock: browserClock,
    translator: () => ({
      request: (requests: readonly TranslationRequest[]) => translator?.postMessage(requests),
      take: () => answers.shift(),
    }),
    post: (message: VcpuMessage) => self.postMessage(message),
    takeSettings: () => settings.shift(),
    received: (count) => arrivals.reached(count),
  }).catch(reportError);
}
