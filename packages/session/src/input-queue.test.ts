import { expect, test } from 'vitest';
import { InputQueue } from './input-queue.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test('input waits for room in the console, and its source stops meanwhile', async () => {
  const flow: boolean[] = [];
  let room = 2;
  let taken = '';
  const queue = new InputQueue((on) => flow.push(on));
  queue.push(encode('ab'));
  queue.connect((bytes) => {
    const count = Math.min(room, bytes.length);
    room -= count;
    taken += text(bytes.subarray(0, count));
    return count;
  });
  expect([taken, flow]).toEqual(['ab', [true]]);
  queue.push(encode('cd'));
  queue.push(encode('ef'));
  expect([taken, flow, queue.length]).toEqual(['ab', [true, false], 4]);
  room = 3;
  queue.room();
  await Promise.resolve();
  expect([taken, flow.at(-1), queue.length]).toEqual(['abcde', false, 1]);
  room = 9;
  queue.room();
  await Promise.resolve();
  expect([taken, flow.at(-1), queue.length]).toEqual(['abcdef', true, 0]);
});
