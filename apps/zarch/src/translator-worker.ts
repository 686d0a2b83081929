/** A translator's thread. */
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import './run/engine-flags.ts';
import type { TranslationRequest } from '@zarch/cpu';
import { TranslatorLoop } from '@zarch/session';
import type { TranslatorThreadData } from './run/translator-thread.ts';

type Requests = readonly TranslationRequest[];

const { port, ...data } = workerData as TranslatorThreadData;
const loop = new TranslatorLoop(data, (translation) => port.postMessage(translation));
port.on('message', (first: Requests) => {
  loop.serve(first, () => receiveMessageOnPort(port)?.message as Requests | undefined);
});
