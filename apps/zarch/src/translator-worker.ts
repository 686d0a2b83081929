/** A translator on a thread of its own: takes requests of a vCPU's thread and answers with compiled modules. */
import { workerData } from 'node:worker_threads';
import './run/engine-flags.ts';
import { type TranslationRequest, Translator } from '@zarch/cpu';
import { HostStorage } from '@zarch/memory';
import type { TranslatorWorkerData } from './run/translator-thread.ts';

const { memory, memorySize, controlSize, block, port } = workerData as TranslatorWorkerData;
const translator = new Translator(new HostStorage(memorySize, controlSize, memory), memorySize);

port.on('message', (requests: readonly TranslationRequest[]) => {
  port.postMessage(translator.translate(block, requests));
});
