import { describe, expect, test } from 'vitest';
import { operandSamples } from '../conformance/samples.ts';
import { assemble } from './assemble.ts';
import { disassemble } from './disassemble.ts';
import { encode } from './encoding.ts';
import { instructions } from './instructions.ts';

const text = (hex: string): string => disassemble(Uint8Array.fromHex(hex), { address: 0x1000n }).text;

describe('disassembling', () => {
  test.each([
    ['1a12', 'ar %r1,%r2'],
    ['0a80', 'svc 128'],
    ['2812', 'ldr %f1,%f2'],
    ['b24e0012', 'sar %a1,%r2'],
    ['b7120000', 'lctl %c1,%c2,0'],
    ['a718ffff', 'lhi %r1,-1'],
    ['c01ffffffff0', 'llilf %r1,4294967280'],
    ['58102010', 'l %r1,16(%r2)'],
    ['58120010', 'l %r1,16(%r2,%r0)'],
    ['58123010', 'l %r1,16(%r2,%r3)'],
    ['58100010', 'l %r1,16'],
    ['e3102fffff04', 'lg %r1,-1(%r2)'],
    ['d20410002fff', 'mvc 0(5,%r1),4095(%r2)'],
    ['d20400002000', 'mvc 0(5,%r0),0(%r2)'],
    ['d9123004500f', 'mvck 4(%r1,%r3),15(%r5),%r2'],
    ['e70f10050413', 'vgef %v0,5(%v31,%r1),0'],
    ['e7f120006cf3', 'va %v31,%v17,%v2,6'],
  ])('%s gives %s', (hex, expected) => {
    expect(text(hex)).toBe(expected);
  });

  test.each([
    ['a7150008', 'bras %r1,0x1010'],
    ['a7f4ffff', 'j 0xffe'],
    ['c0e5ffffffff', 'brasl %r14,0xffe'],
    ['c0e5fffff7ff', 'brasl %r14,0xfffffffffffffffe'],
    ['ec12000c8064', 'cgrje %r1,%r2,0x1018'],
    ['c7a04005fffe', 'bpp 10,0xffc,5(%r4)'],
  ])('%s shows the target of a relative operand: %s', (hex, expected) => {
    expect(text(hex)).toBe(expected);
  });

  test.each([
    ['07fe', 'br %r14'],
    ['071e', 'bor %r14'],
    ['0700', 'nopr'],
    ['0707', 'nopr %r7'],
    ['47000000', 'nop 0'],
    ['4780f010', 'be 16(%r15)'],
    ['a7640002', 'jlh 0x1004'],
    ['a7040002', 'jnop 0x1004'],
    ['c0c400000002', 'jgle 0x1004'],
    ['b9f26012', 'locrlh %r1,%r2'],
    ['b9f2f012', 'locr %r1,%r2,15'],
    ['b9726012', 'crtne %r1,%r2'],
    ['b9727012', 'crt %r1,%r2,7'],
  ])('%s shows the condition in the mnemonic: %s', (hex, expected) => {
    expect(text(hex)).toBe(expected);
  });

  test.each([
    ['b2210012', 'ipte %r1,%r2'],
    ['b2213012', 'ipte %r1,%r2,%r3'],
    ['b2210112', 'ipte %r1,%r2,%r0,1'],
    ['b3d23012', 'adtr %f1,%f2,%f3'],
    ['b3d23412', 'adtra %f1,%f2,%f3,4'],
    ['b3440012', 'ledbr %f1,%f2'],
    ['b3443012', 'ledbra %f1,3,%f2,0'],
    ['b3473014', 'fixbr %f1,3,%f4'],
    ['ec1203040055', 'risbg %r1,%r2,3,4,0'],
    ['b3473114', 'fixbra %f1,3,%f4,1'],
  ])('%s leaves out optional operands that are zero: %s', (hex, expected) => {
    expect(text(hex)).toBe(expected);
  });

  test.each([
    ['0000', '.short 0x0000', 2],
    ['52345678', '.short 0x5234,0x5678', 4],
    ['e300000000ff1a12', '.short 0xe300,0x0000,0x00ff', 6],
    ['e31234', '.byte 0xe3,0x12,0x34', 3],
    ['', '', 0],
  ])('what is not an instruction (%s) becomes data', (hex, expected, length) => {
    const bytes = Uint8Array.fromHex(hex);
    expect(disassemble(bytes)).toEqual({ text: expected, length, instruction: undefined });
    expect(assemble(expected)).toEqual({ ok: true, bytes: bytes.slice(0, length) });
  });

  test('starts at the offset', () => {
    expect(disassemble(Uint8Array.fromHex('00001a12'), { offset: 2 }).text).toBe('ar %r1,%r2');
  });
});

test('every instruction assembles from its disassembly to the same bytes', () => {
  for (const insn of instructions) {
    for (const operands of operandSamples(insn, 8)) {
      const bytes = encode(insn, operands);
      const address = 0x8000_0000n;
      const shown = disassemble(bytes, { address });
      expect(shown).toMatchObject({ length: insn.length, instruction: insn });
      expect(assemble(shown.text, { address }), shown.text).toEqual({ ok: true, bytes });
    }
  }
});
