import { describe, expect, it } from 'vitest';
import { TestCpu } from '../../test-cpu.ts';

const text = (value: string) => [...value].map((character) => character.charCodeAt(0));

describe.each([false, true])('COMPARE UNTIL SUBSTRING EQUAL, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;

  it.each([
    // operands, substring length, condition code, bytes that the registers move on
    ['abcdef', 'xbyydef', 3, 2, 6, 7],
    ['abcdef', 'xbydef', 3, 0, 3, 3],
    ['abcdef', 'xbydef', 4, 1, 3, 3],
    ['abc', 'abc', 0, 0, 0, 0],
    ['', '', 2, 2, 0, 0],
    ['ab', 'ab.....', 4, 0, 0, 0],
    ['ab', 'xy.....', 4, 0, 2, 2],
    [`${'a'.repeat(3000)}zz`, `${'b'.repeat(3000)}zz`, 2, 0, 3000, 3000],
  ])('%j and %j with substrings of %i bytes', (first, second, wanted, cc, moved1, moved2) => {
    cpu.setBytes(0x2ffe, text(first));
    cpu.setBytes(0x5fff, text(second));
    cpu.setGr(0, BigInt(wanted));
    cpu.setGr(1, 0x2en);
    cpu.setGr(2, 0x2ffen);
    cpu.setGr(3, BigInt(first.length));
    cpu.setGr(4, 0x5fffn);
    cpu.setGr(5, BigInt(second.length));
    expect(cpu.run('again: cuse %r2,%r4\n jo again')).toMatchObject({ code: 1, cc });
    expect([cpu.gr(2), cpu.gr(4)]).toEqual([BigInt(0x2ffe + moved1), BigInt(0x5fff + moved2)]);
    expect([cpu.gr(3), cpu.gr(5)]).toEqual([BigInt(first.length - moved1), BigInt(second.length - moved2)]);
  });
});
