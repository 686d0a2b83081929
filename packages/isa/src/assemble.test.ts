import { describe, expect, test } from 'vitest';
import { type AssembleOptions, assemble } from './assemble.ts';

function hex(source: string, options?: AssembleOptions): string {
  const result = assemble(source, options);
  return result.ok ? result.bytes.toHex() : result.error.message;
}

describe('a line of source', () => {
  test.each([
    ['lg %r1,16(%r2,%r3)', 'e31230100004'],
    ['  LG  %R1 , 16 ( %r2 , %r3 )  # comment', 'e31230100004'],
    ['lg 1,16(2,3) ; comment', 'e31230100004'],
    ['lg %r1,16(%r3)', 'e31030100004'],
    ['lg %r1,16(,%r3)', 'e31030100004'],
    ['lg %r1,16(%r2,)', 'e31200100004'],
    ['lg %r1,0x10', 'e31000100004'],
    ['lg %r1,-0x10+020-0b1(%r3)', 'e3103fffff04'],
    ['mvc 0(256,%r1),4095(%r2)', 'd2ff10002fff'],
    ['mvc 0(5),0(%r2)', 'd20400002000'],
    ['vgef %v17,16(%v18),0', 'e71200100c13'],
    ['vgef %v17,16(%r2),0', 'e71020100813'],
    ['va %v31,%f1,%v2,6', 'e7f1200068f3'],
    ['pr', '0101'],
    ['', ''],
    ['# only a comment', ''],
    ['.byte 1,-1,0xff', '01ffff'],
    ['.short 0x1234,-2', '1234fffe'],
    ['.long 1', '00000001'],
    ['.quad -1,0xffffffffffffffff', 'ffffffffffffffffffffffffffffffff'],
    ['.ascii "a,b#;\\n\\"\\\\"', '612c62233b0a225c'],
    ['.asciz "a","b"', '61006200'],
  ])('%s', (source, expected) => {
    expect(hex(source)).toBe(expected);
  });

  test('counts relative operands from its address', () => {
    expect(hex('j 0x2000', { address: 0x1000n })).toBe('a7f40800');
    expect(hex('j .-2', { address: 0x1000n })).toBe('a7f4ffff');
    expect(hex('jg 0xfffffffffffffffe', { address: 0n })).toBe('c0f4ffffffff');
  });

  test('may use symbols', () => {
    const symbols = new Map([
      ['loop', 0x1000n],
      ['size', 24n],
    ]);
    expect(hex('brct %r1,loop', { address: 0x1010n, symbols })).toBe('a716fff8');
    expect(hex('la %r1,size+1(%r2)', { symbols })).toBe('41102019');
  });
});

describe('an error names the operand', () => {
  test.each([
    ['lr %r1,%r16', 'R2', 'there is no register %r16'],
    ['lr %r1,%f2', 'R2', '"%f2" is not a %r register'],
    ['lr %r1,foo', 'R2', '"foo" is not a register'],
    ['ldr %r1,%f2', 'R1', '"%r1" is not a %f register'],
    ['va %v1,%v2,%v32,0', 'V3', 'there is no register %v32'],
    ['lhi %r1,32768', 'I2', '32768 is not between -32768 and 32767'],
    ['tm 0(%r1),-1', 'I2', '-1 is not between 0 and 255'],
    ['locr %r1,%r2,16', 'M3', '16 is not between 0 and 15'],
    ['lhi %r1,', 'I2', 'an expression is missing'],
    ['lhi %r1,09', 'I2', '"09" is not a number'],
    ['lhi %r1,1 2', 'I2', '"1 2" is not an expression'],
    ['lhi %r1,nowhere', 'I2', 'symbol "nowhere" is not defined'],
    ['l %r1,4096(%r2)', 'S2', 'displacement: 4096 is not between 0 and 4095'],
    ['lg %r1,524288(%r2)', 'S2', 'displacement: 524288 is not between -524288 and 524287'],
    ['l %r1,0(%r2', 'S2', '"0(%r2" is not a storage operand'],
    ['l %r1,0(%r1,%r2,%r3)', 'S2', 'too many parts inside the parentheses'],
    ['l %r1,0(%a1,%r2)', 'S2', '"%a1" is not a %r register'],
    ['stck 0(%r1,%r2)', 'S2', 'too many parts inside the parentheses'],
    ['mvc 0(257,%r1),0(%r2)', 'S1', 'length: 257 is not between 1 and 256'],
    ['mvc 0(0,%r1),0(%r2)', 'S1', 'length: 0 is not between 1 and 256'],
    ['mvc 0,0(%r2)', 'S1', 'the length is missing'],
    ['j 0x10001', 'RI2', 'the target is an odd number of bytes away (65537)'],
    ['j 0x10000', 'RI2', 'the target is 65536 bytes away, not between -65536 and 65534'],
    ['jne nowhere', 'RI2', 'symbol "nowhere" is not defined'],
  ])('%s', (source, operand, message) => {
    const error = { message: `operand ${operand}: ${message}`, operand };
    expect(assemble(source)).toEqual({ ok: false, error });
  });
});

describe('an error about the whole line', () => {
  test.each([
    ['xyz %r1', '"xyz" is not an instruction'],
    ['constructor 1', '"constructor" is not an instruction'],
    ['lr %r1', 'lr takes 2 operands (R1,R2), not 1'],
    ['pr 1', 'pr takes 0 operands, not 1'],
    ['ipte %r1', 'ipte takes 2 to 4 operands (R1,R2,R3?,M4?), not 1'],
    ['adtra %f1,%f2,%f3', 'adtra takes 4 operands (R1,R2,R3,M4), not 3'],
    ['here: lr %r1,%r2', 'label "here" in a single line'],
    ['lr %r1,%r2\nlr %r1,%r2', 'more than one line'],
    ['.byte 256', '256 does not fit in 1 bytes'],
    ['.byte', '.byte needs a value'],
    ['.ascii a', 'a is not a string in double quotes'],
    ['.ascii "é"', '"é" is not an ASCII character'],
    ['.ascii "\\q"', '\\q is not an escape sequence'],
    ['.align 8', '".align" is not an instruction'],
  ])('%j', (source, message) => {
    expect(assemble(source)).toEqual({ ok: false, error: { message, operand: undefined } });
  });
});
