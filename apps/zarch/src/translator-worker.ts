/** A translator's thread. */
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Rehearsal } from '@zarch/cpu';
import { TranslatorLoop } from '@zarch/session';
import { compileRegions } from './run/engine-flags.ts';
import type { TranslatorMessage, TranslatorThreadData } from './run/translator-thread.ts';

/** Rounds of rehearsal: some tenths of a second, and no more if a guest waits. */
const ROUNDS = 20;

const { port } = workerData as TranslatorThreadData;
const received = () => receiveMessageOnPort(port)?.message as TranslatorMessage | undefined;
let loop: TranslatorLoop | undefined;

function take(message: TranslatorMessage): void {
  if (message.kind === 'start') {
    loop = new TranslatorLoop(message.data, (translation) => port.postMessage(translation), compileRegions);
    return;
  }
  loop?.serve(message.requests, () => {
    const more = received();
    return more?.kind === 'requests' ? more.requests : undefined;
  });
}

const rehearsal = new Rehearsal();
let isAwaited = false;
for (let round = 0; round < ROUNDS && !isAwaited; round++) {
  rehearsal.round();
  for (let message = received(); message; message = received()) {
    take(message);
    isAwaited = message.kind === 'requests';
  }
}
port.on('message', take);
