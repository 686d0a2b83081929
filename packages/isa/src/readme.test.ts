import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as isa from './index.ts';

test('the example in README.md prints what its comments say', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const expected = Array.from(example.matchAll(/\/\/ (.*)$/gm), (match) => match[1]);
  expect(expected.length).toBeGreaterThan(0);
  const body = example.replace(/import (\{.*?\}) from '@zarch\/isa';/s, 'const $1 = isa;');
  const printed: string[] = [];
  const console = { log: (...values: unknown[]) => printed.push(values.join(' ')) };
  new Function('isa', 'console', body)(isa, console);
  expect(printed).toEqual(expected);
});
