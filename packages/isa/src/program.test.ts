import { describe, expect, test } from 'vitest';
import { assembleProgram, programLimit } from './program.ts';

describe('a program', () => {
  test('has labels before and after their use', () => {
    const result = assembleProgram(
      `
start:  larl %r1,data        # forwards
loop:   ahi  %r2,-1
        jne  loop            ; backwards
        br   %r14
        .align 8
data:   .quad start, data-start
        .byte 1
end:
`,
      { origin: 0x10000n },
    );
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    expect(result.bytes.toHex()).toBe(
      'c01000000008' + 'a72affff' + 'a774fffe' + '07fe' + '0000000000010000' + '0000000000000010' + '01',
    );
    expect(Object.fromEntries(result.symbols)).toEqual({
      start: 0x10000n,
      loop: 0x10006n,
      data: 0x10010n,
      end: 0x10021n,
    });
  });

  test('is placed by directives', () => {
    const source = '.byte 1\n.skip 2\n.byte 2\n.org 0x108\n.byte 3\n.balign 4\n.byte 4\n.ascii "ab"\n';
    const result = assembleProgram(source, { origin: 0x100n });
    expect(result.ok && result.bytes.toHex()).toBe('010000020000000003000000046162');
  });

  test('may name values', () => {
    const result = assembleProgram('.equ size,4*0\n');
    expect(result.ok).toBe(false);
    const named = assembleProgram('.equ size,4\n.set more,size+1\na: b: lhi %r1,more\n.byte b-a\n');
    expect(named.ok && named.bytes.toHex()).toBe('a718000500');
  });

  test('may be empty', () => {
    expect(assembleProgram('')).toMatchObject({ ok: true, bytes: new Uint8Array(0) });
  });

  test('reports all errors, with their lines', () => {
    const source = 'lhi %r1,later\nxyz\nlr %r1,%r99\na: .byte 300\na: .byte 0\nlr %r1,%r2\n';
    expect(assembleProgram(source)).toEqual({
      ok: false,
      errors: [
        { line: 1, message: 'operand I2: symbol "later" is not defined', operand: 'I2' },
        { line: 2, message: '"xyz" is neither an instruction nor a directive', operand: undefined },
        { line: 3, message: 'operand R2: there is no register %r99', operand: 'R2' },
        { line: 4, message: '300 does not fit in 1 bytes', operand: undefined },
        { line: 5, message: 'symbol "a" is defined twice', operand: undefined },
      ],
    });
  });

  test.each([
    ['.org 0x0ff', 'address 255 is before the current one, 256'],
    ['.skip -1', 'address 255 is before the current one, 256'],
    ['.org 0x100000000000', `the program is longer than ${programLimit} bytes`],
    ['.align 3', '3 is not a power of two'],
    ['.align 1,2', '.align takes one operand'],
    ['.skip later\nlater:', 'symbol "later" is not defined'],
    ['.equ a', '.equ takes a name and a value'],
    ['.equ 1,1', '"1" is not a symbol'],
    ['.byte 1\nlr %r1,%r2', 'an instruction must be at an even address'],
    ['constructor', '"constructor" is neither an instruction nor a directive'],
    ['.ascii "abc', '"abc is not a string in double quotes'],
  ])('is refused: %j', (source, message) => {
    const result = assembleProgram(source, { origin: 0x100n });
    expect(result.ok ? [] : result.errors.map((error) => error.message)).toEqual([message]);
  });

  test('that is too long at its end is refused without being laid out', () => {
    const result = assembleProgram(`.skip ${programLimit}\n.quad 0\n`);
    expect(result.ok ? [] : result.errors.map((error) => error.line)).toEqual([2]);
  });
});
