import { afterEach, describe, expect, it } from 'vitest';
import { endSpareThread, runsMachine, startThreads, threadFor } from './early-threads.ts';

const threads: { terminate(): Promise<number> }[] = [];
const taken = (...of: Parameters<typeof threadFor>) => {
  const thread = threadFor(...of);
  threads.push(thread);
  return thread;
};
afterEach(async () => {
  for (const thread of threads.splice(0)) await thread.terminate();
  endSpareThread('vcpu');
  endSpareThread('translator');
});

it.each([
  ['-kernel vmlinuz -m 512', true],
  ['--kernel vmlinuz', true],
  ['-version', false],
  ['-device help', false],
  ['-append kernel', false],
])('options %s run a machine: %s', (options, runs) => {
  expect(runsMachine(options.split(' '))).toBe(runs);
});

describe('threads that are started early', () => {
  it('are given to CPU 0, each of them once', () => {
    startThreads();
    const first = taken('vcpu', 0);
    expect(first.threadName).toBe('vcpu 0');
    expect(taken('vcpu', 0)).not.toBe(first);
    expect(taken('translator', 0).threadName).toBe('translator 0');
  });

  it('are not given to other CPUs, nor missed by them', () => {
    startThreads();
    const early = [taken('vcpu', 1), taken('translator', 1)].map(({ threadName }) => threadName);
    expect(early).toEqual(['vcpu 1', 'translator 1']);
  });

  it('end when they are not needed, and the others stay', () => {
    startThreads();
    endSpareThread('translator');
    const [vcpu, translator] = [taken('vcpu', 0), taken('translator', 0)];
    // Numbers are given out in order: two threads were started early, and the second is gone.
    expect(translator.threadId - vcpu.threadId).toBe(2);
  });
});
