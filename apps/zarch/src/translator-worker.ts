/** A translator on a thread of its own: takes requests of a vCPU's thread and answers with compiled modules. */
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import './run/engine-flags.ts';
import { type TranslationRequest, Translator } from '@zarch/cpu';
import { HostStorage } from '@zarch/memory';
import type { TranslatorWorkerData } from './run/translator-thread.ts';

const { memory, memorySize, controlSize, block, port } = workerData as TranslatorWorkerData;
const translator = new Translator(new HostStorage(memorySize, controlSize, memory), memorySize);

/** Regions in one module: each module costs the vCPU's thread some tenths of a millisecond. */
const BATCH = 16;

port.on('message', (first: readonly TranslationRequest[]) => {
  const requests = [...first];
  // What has come meanwhile goes with it.
  while (requests.length < BATCH) {
    const next = receiveMessageOnPort(port);
    if (!next) break;
    requests.push(...(next.message as readonly TranslationRequest[]));
  }
  port.postMessage(translator.translate(block, requests));
});
