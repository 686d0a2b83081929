import { describe, expect, test } from 'vitest';
import { BFP_INSTRUCTIONS, type BfpInstruction, type BfpOperands } from './index.ts';

function instruction(name: string): BfpInstruction {
  const found = BFP_INSTRUCTIONS.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

const none: BfpOperands = { first: 0n, second: 0n, third: 0n, m3: 0, m4: 0 };

test('all 100 instructions of the chapter are there', () => {
  const formats = (names: string, letters: string) =>
    names.split(' ').flatMap((name) => [...letters].map((letter) => name.replace('*', letter)));
  const expected = [
    ...formats('a*br s*br d*br c*br k*br sq*br lt*br lc*br ln*br lp*br fi*br tc*b', 'edx'),
    ...formats('a*b s*b d*b c*b k*b sq*b ma*b ma*br ms*b ms*br di*br', 'ed'),
    ...formats('c*fbr c*gbr c*lfbr c*lgbr cf*br cg*br clf*br clg*br', 'edx'),
    ...'meebr meeb mdbr mdb mxbr mdebr mdeb mxdbr mxdb'.split(' '),
    ...'ldebr ldeb lxdbr lxdb lxebr lxeb ledbr ldxbr lexbr'.split(' '),
  ];
  expect([...BFP_INSTRUCTIONS.keys()].sort()).toEqual(expected.sort());
  expect(expected).toHaveLength(100);
});

describe('the shape of an instruction tells the CPU what to move', () => {
  test.each<[string, Partial<BfpInstruction>]>([
    ['aeb', { first: 'short', second: 'short', target: 'short', setsCc: true }],
    ['dxbr', { first: 'extended', second: 'extended', target: 'extended', setsCc: false }],
    ['mdebr', { first: 'short', second: 'short', target: 'long', setsCc: false }],
    ['madb', { first: 'long', second: 'long', third: 'long', target: 'long' }],
    ['lexbr', { second: 'extended', target: 'short', modifier: 'm3' }],
    ['celfbr', { second: { width: 32, signed: false }, target: 'short', modifier: 'm3' }],
    ['cgxbr', { second: 'extended', target: { width: 64, signed: true }, setsCc: true }],
    ['didbr', { first: 'long', second: 'long', target: 'long', modifier: 'm4', setsCc: true }],
    ['tcxb', { first: 'extended', second: 'address', setsCc: true }],
  ])('%s', (name, shape) => {
    expect(instruction(name)).toMatchObject(shape);
  });
  test('a target is absent exactly if there is only a condition code', () => {
    const names = [...BFP_INSTRUCTIONS]
      .filter(([, { target }]) => target === undefined)
      .map(([name]) => name);
    expect(names.every((name) => /^([ck][edx]br?|tc[edx]b)$/.test(name))).toBe(true);
    expect(names).toHaveLength(13);
  });
  test('a condition code is delivered exactly if it is declared', () => {
    for (const [name, { evaluate, setsCc }] of BFP_INSTRUCTIONS) {
      expect([name, evaluate(none, 0).cc !== undefined]).toEqual([name, setsCc]);
    }
  });
});

test.each<[string, Partial<BfpOperands>, bigint | undefined, number | undefined]>([
  ['sebr', { first: 0x40400000n, second: 0x3f800000n }, 0x40000000n, 2],
  ['deb', { first: 0x3f800000n, second: 0x40000000n }, 0x3f000000n, undefined],
  ['maebr', { first: 0x3f800000n, second: 0x40000000n, third: 0x40400000n }, 0x40e00000n, undefined],
  ['mseb', { first: 0x3f800000n, second: 0x40000000n, third: 0x40400000n }, 0x40a00000n, undefined],
  ['mxdbr', { first: 0x4008n << 48n, second: 0x4000n << 48n }, 0x40018n << 108n, undefined],
  ['cebr', { first: 0x3f800000n, second: 0x40000000n }, undefined, 1],
  ['lcdbr', { second: 0x3ff0n << 48n }, 0xbff0n << 48n, 1],
  ['fiebr', { second: 0x3fc00000n, m3: 5 }, 0x3f800000n, undefined],
  ['cfebr', { second: 0xbfc00000n, m3: 7 }, 0xfffffffen, 1],
  ['clgebr', { second: 0x3fc00000n, m3: 6, m4: 4 }, 2n, 2],
  ['cdfbr', { second: 0xffffffffn }, 0xbff0n << 48n, undefined],
  ['cdlfbr', { second: 0xffffffffn }, 0x41efffffffe00000n, undefined],
  ['diebr', { first: 0x40e00000n, second: 0x40000000n, m4: 5 }, 0x3f800000n, 0],
  ['tceb', { first: 0x3f800000n, second: 0x200n }, undefined, 1],
])('%s', (name, operands, value, cc) => {
  const result = instruction(name).evaluate({ ...none, ...operands }, 0);
  expect(result.cc).toBe(cc);
  if (value !== undefined) expect(result.value).toBe(value);
});
