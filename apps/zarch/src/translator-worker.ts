/** A translator's thread. */
import { once } from 'node:events';
import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { Rehearsal } from '@zarch/cpu';
import { TranslatorLoop } from '@zarch/session/threads';
import { compileRegions } from './run/engine-flags.ts';
import { TranslationFile } from './run/translation-file.ts';
import type { TranslatorMessage, TranslatorThreadData } from './run/translator-thread.ts';

/** Rounds of rehearsal: some tenths of a second. */
const ROUNDS = 20;

if (!parentPort) throw new Error('this is a worker');
const program = parentPort;
const [{ port, file: options }] = (await once(program, 'message')) as [TranslatorThreadData];
const file = options && TranslationFile.of(options);
const store = file?.read();
const received = () => receiveMessageOnPort(port)?.message as TranslatorMessage | undefined;
let loop: TranslatorLoop | undefined;

function take(message: TranslatorMessage): void {
  switch (message.kind) {
    case 'start': {
      const host = { answer: port.postMessage.bind(port), defer: setImmediate };
      loop = new TranslatorLoop(message.data, host, { compile: compileRegions, store });
      return;
    }
    case 'begin':
      loop?.begin();
      return;
    case 'use':
      loop?.use(message.ids);
      return;
    case 'want':
      loop?.want(message.ids);
      return;
    case 'requests':
      loop?.serve(message.requests, moreRequests);
  }
}

/** Requests that have come, if nothing else has. */
function moreRequests() {
  for (let message = received(); message; message = received()) {
    if (message.kind === 'requests') return message.requests;
    take(message);
  }
  return undefined;
}

/** Rehearses while the machine is made, and no more if a guest waits. */
function rehearse(): void {
  const rehearsal = new Rehearsal();
  let isAwaited = false;
  for (let round = 0; round < ROUNDS && !isAwaited; round++) {
    rehearsal.round();
    for (let message = received(); message; message = received()) {
      take(message);
      isAwaited ||= message.kind === 'requests';
    }
  }
}

// What the guest needs first; the other translations of earlier runs come when it has begun.
if (!store?.prepare(compileRegions)) rehearse();
port.on('message', take);
program.on('message', () => {
  const contents = loop?.encodeStore();
  if (contents) file?.write(contents);
  port.close();
  program.close();
});
