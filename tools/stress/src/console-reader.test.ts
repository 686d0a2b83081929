import { expect, it } from 'vitest';
import { ConsoleReader } from './console-reader.ts';

it('takes progress and failures out of a console, in pieces of any size', () => {
  const said: string[] = [];
  const reader = new ConsoleReader((line) => said.push(line));
  const text =
    '[    0.1] Linux\r\nREADY\r\nMINUTE 1 own-code=3 text=4\r\nFAIL text round 5 status 1: md5\r\nnoise\r\nDONE 2 own-code=7 text=9\r\n';
  for (const character of text) reader.push(character);
  expect(reader).toMatchObject({ ready: true, done: true, failures: ['text round 5 status 1: md5'] });
  expect(Object.fromEntries(reader.counts)).toEqual({ 'own-code': 7, text: 9 });
  expect(said).toHaveLength(4);
});

it('does not take a guest that stopped for one that is done', () => {
  const reader = new ConsoleReader(() => {});
  reader.push('READY\nMINUTE 1 text=4\nKernel panic');
  expect(reader).toMatchObject({ ready: true, done: false });
  expect(reader.tail).toContain('Kernel panic');
});
