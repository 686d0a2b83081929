/** A translator's thread. */
import type { TranslationRequest } from '@zarch/cpu';
import { TranslatorLoop } from '@zarch/session/threads';
import { turns } from './turn.ts';
import type { TranslatorStart } from './vcpu-start.ts';

type Requests = readonly TranslationRequest[];

self.addEventListener('message', ({ data }: MessageEvent<TranslatorStart>) => start(data), { once: true });

function start({ data, vcpu }: TranslatorStart): void {
  const loop = new TranslatorLoop(data, {
    answer: (answer) => vcpu.postMessage(answer),
    defer: (work) => setTimeout(work, 0),
  });
  const waiting: Requests[] = [];
  // What has come in the same turn goes together.
  const serve = turns(() => {
    for (let first = waiting.shift(); first; first = waiting.shift())
      loop.serve(first, () => waiting.shift());
  });
  vcpu.addEventListener('message', ({ data }: MessageEvent<Requests>) => {
    if (waiting.push(data) === 1) serve();
  });
  vcpu.start();
}
