import { expect, test } from 'vitest';
import { EscapeFilter } from './escape.ts';

function filtered(input: readonly string[], code?: number) {
  const happened: string[] = [];
  const filter = new EscapeFilter(
    { quit: () => happened.push('quit'), say: (text) => happened.push(text) },
    code,
  );
  const output = input.map((text) =>
    Buffer.from(filter.filter(Buffer.from(text, 'latin1'))).toString('latin1'),
  );
  return { output: output.join(''), happened };
}

test.each([
  ['other keys pass', ['abc\u0003\u00ff'], 'abc\u0003\u00ff', []],
  ['twice sends it once', ['a\u0001\u0001b'], 'a\u0001b', []],
  ['x leaves', ['a\u0001xb'], 'ab', ['quit']],
  ['it may come in pieces', ['a\u0001', 'x'], 'a', ['quit']],
  ['unknown keys do nothing', ['\u0001qz'], 'z', []],
])('%s', (_, input, output, happened) => {
  expect(filtered(input)).toEqual({ output, happened });
});

test('h helps', () => {
  expect(filtered(['\u0001h']).happened).toEqual([expect.stringContaining('Ctrl-a x  end the program')]);
});

test('another character can be the escape', () => {
  expect(filtered(['\u0001x\u0014x'], 0x14)).toEqual({ output: '\u0001x', happened: ['quit'] });
});
