import { describe, expect, it } from 'vitest';
import { TestCpu } from '../../test-cpu.ts';

const hex = (value: string) => [...value.matchAll(/../g)].map(([byte]) => Number.parseInt(byte, 16));

describe.each([false, true])('conversion, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;
  const stored = (address: number, length: number) =>
    [...cpu.bytes(address, length)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const KEPT = 0x9999_9999_0000_0000n;

  it.each([
    ['cvb', '000000000025594f', 1, KEPT | 25594n],
    ['cvb', '000000000025594d', 1, KEPT | 0xffff_9c06n],
    ['cvby', '000002147483647c', 1, KEPT | 0x7fff_ffffn],
    ['cvb', '000002147483648d', 1, KEPT | 0x8000_0000n],
    ['cvb', '000002147483648c', 9, KEPT | 0x8000_0000n],
    ['cvb', '0000021474836481', 7, KEPT],
    ['cvb', '00000214a483648c', 7, KEPT],
    ['cvbg', '0000000000000000000000000000001b', 1, -1n],
    ['cvbg', '0000000000009223372036854775807c', 1, (1n << 63n) - 1n],
    ['cvbg', '0000000000009223372036854775808c', 9, KEPT],
  ])('%s of %s', (mnemonic, packed, code, result) => {
    cpu.setBytes(0x2ffc, hex(packed));
    cpu.setGr(1, KEPT);
    cpu.setGr(5, 0x2ffcn);
    expect(cpu.run(`${mnemonic} %r1,0(%r5)`).code).toBe(code);
    expect(cpu.gr(1)).toBe(BigInt.asUintN(64, result));
  });

  it.each([
    ['cvd', 3855n, '000000000003855c'],
    ['cvdy', -1n, '000000000000001d'],
    ['cvd', 0x8000_0000n, '000002147483648d'],
    ['cvdg', 1n << 63n, '0000000000009223372036854775808d'],
    ['cvdg', 0n, '0000000000000000000000000000000c'],
  ])('%s of %i', (mnemonic, value, packed) => {
    cpu.setGr(1, value);
    cpu.setGr(5, 0x2ffcn);
    cpu.run(`${mnemonic} %r1,0(%r5)`);
    expect(stored(0x2ffc, packed.length / 2)).toBe(packed);
  });

  it.each([
    ['pack 0(5,%r5),0(5,%r6)', 'f1f2f3f4c5', 'ffffffffff', '000012345c'],
    ['pack 0(2,%r5),0(5,%r6)', 'f1f2f3f4c5', 'ffffffffff', '345cffffff'],
    ['pack 0(1,%r5),0(1,%r6)', 'f1', 'ffff', '1fff'],
    ['unpk 0(5,%r5),0(3,%r6)', '12345d', 'ffffffffff', 'f1f2f3f4d5'],
    ['unpk 0(7,%r5),0(3,%r6)', '12345d', 'eeeeeeeeeeeeeeee', 'f0f0f1f2f3f4d5ee'],
    ['unpk 0(2,%r5),0(3,%r6)', '12345d', 'ffffff', 'f4d5ff'],
    ['pka 0(%r5),0(3,%r6)', '313233', 'ff'.repeat(17), `${'00'.repeat(14)}123cff`],
    ['pka 0(%r5),0(32,%r6)', '39'.repeat(32), 'ff'.repeat(16), `${'9'.repeat(31)}c`],
    ['pku 0(%r5),0(6,%r6)', '003100320033', 'ff'.repeat(17), `${'00'.repeat(14)}123cff`],
  ])('%s of %s', (source, operand, before, after) => {
    cpu.setBytes(0x3ffe, hex(operand));
    cpu.setBytes(0x2ffe, hex(before));
    cpu.setGr(5, 0x2ffen);
    cpu.setGr(6, 0x3ffen);
    expect(cpu.run(source).code).toBe(1);
    expect(stored(0x2ffe, after.length / 2)).toBe(after);
  });

  it.each([
    ['unpka 0(5,%r5),0(%r6)', '0000000000000000000000000000123c', 0, '3030313233'],
    ['unpka 0(2,%r5),0(%r6)', '0000000000000000000000000000123d', 1, '3233'],
    ['unpka 0(32,%r5),0(%r6)', `${'9'.repeat(31)}5`, 3, `30${'39'.repeat(31)}`],
    ['unpku 0(8,%r5),0(%r6)', '0000000000000000000000000000123f', 0, '0030003100320033'],
  ])('%s of %s gives condition code %i', (source, packed, cc, characters) => {
    cpu.setBytes(0x3ffe, hex(packed));
    cpu.setGr(5, 0x2ffen);
    cpu.setGr(6, 0x3ffen);
    expect(cpu.run(source)).toMatchObject({ code: 1, cc });
    expect(stored(0x2ffe, characters.length / 2)).toBe(characters);
  });

  it.each(['pka 0(%r5),0(33,%r6)', 'pku 0(%r5),0(5,%r6)', 'unpku 0(66,%r5),0(%r6)'])(
    '%s is a specification exception',
    (source) => {
      expect(cpu.run(source).code).toBe(6);
    },
  );
});
