import { describe, expect, it } from 'vitest';
import { TestCpu } from '../../test-cpu.ts';

describe.each([false, true])('PERFORM LOCKED OPERATION, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;
  const LIST = 0x2000;
  const OPERANDS = [0x3000, 0x3100, 0x3200, 0x3300] as const;
  const load = (address: number, length: number) =>
    [...cpu.bytes(address, length)].reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const store = (address: number, length: number, value: bigint) =>
    cpu.setBytes(
      address,
      Array.from({ length }, (_, i) => Number((value >> BigInt(8 * (length - 1 - i))) & 0xffn)),
    );
  const run = (code: number) => {
    cpu.setGr(0, BigInt(code));
    const direct = code < 16 && code % 2 === 0;
    cpu.setGr(8, BigInt(OPERANDS[0]));
    cpu.setGr(9, BigInt(direct ? OPERANDS[1] : LIST));
    return cpu.run('plo %r2,0(%r8),%r4,0(%r9)');
  };
  /** Puts 1 (comparison), 2 (replacement), 3 and 4, 5, 7 where the function has them, and operands to storage. */
  const prepare = (code: number, size: number, storage: readonly bigint[]) => {
    cpu.setBytes(LIST, new Uint8Array(144));
    for (const [slot, value] of [1n, 2n, 3n, 4n, 0n, 5n, 0n, 7n].entries()) {
      if (value) store(LIST + 16 * slot + 16 - size, size, value);
    }
    for (const [i, slot] of [4, 6, 8].entries()) store(LIST + 16 * slot + 8, 8, BigInt(OPERANDS[i + 1] ?? 0));
    for (const [i, value] of storage.entries()) store(OPERANDS[i] ?? 0, size, value);
    for (const [i, value] of [1n, 2n, 3n, 4n].entries()) cpu.setGr(2 + i, value);
    return code;
  };

  it('the test bit asks which functions there are', () => {
    for (let code = 0; code < 256; code++) expect(run(0x100 | code).cc).toBe(code < 24 ? 0 : 3);
    expect(run(24).code).toBe(6);
    expect(run(0x200).code).toBe(6);
  });

  it.each([0, 1, 2, 3].map((variant) => [variant, [4, 8, 8, 16][variant] ?? 0] as const))(
    'variant %i has operands of %i bytes',
    (variant, size) => {
      const inList = variant % 2 === 1;
      const value = (slot: number, register: number) =>
        inList ? load(LIST + 16 * slot + 16 - size, size) : cpu.gr(register);
      const operands = (count: number) => OPERANDS.slice(0, count).map((address) => load(address, size));
      // COMPARE AND LOAD
      expect(run(prepare(0 + variant, size, [1n, 9n])).cc).toBe(0);
      expect(value(2, 4)).toBe(9n);
      expect(run(prepare(0 + variant, size, [6n, 9n])).cc).toBe(1);
      expect(value(0, 2)).toBe(6n);
      // COMPARE AND SWAP
      expect(run(prepare(4 + variant, size, [1n, 9n])).cc).toBe(0);
      expect(operands(2)).toEqual([2n, 9n]);
      // DOUBLE COMPARE AND SWAP
      expect(run(prepare(8 + variant, size, [1n, 3n])).cc).toBe(0);
      expect(operands(2)).toEqual([2n, 4n]);
      expect(run(prepare(8 + variant, size, [1n, 9n])).cc).toBe(2);
      expect(operands(2)).toEqual([1n, 9n]);
      expect(value(2, 4)).toBe(9n);
      // COMPARE AND SWAP AND STORE, DOUBLE STORE, TRIPLE STORE
      expect(run(prepare(12 + variant, size, [1n, 9n])).cc).toBe(0);
      expect(operands(2)).toEqual([2n, inList ? 4n : 3n]);
      expect(run(prepare(16 + variant, size, [1n, 9n, 9n, 9n])).cc).toBe(0);
      expect(operands(4)).toEqual([2n, 4n, 5n, 9n]);
      expect(run(prepare(20 + variant, size, [1n, 9n, 9n, 9n])).cc).toBe(0);
      expect(operands(4)).toEqual([2n, 4n, 5n, 7n]);
      expect(run(prepare(20 + variant, size, [8n, 9n, 9n, 9n])).cc).toBe(1);
      expect(operands(4)).toEqual([8n, 9n, 9n, 9n]);
    },
  );

  it('operands that are not aligned are a specification exception', () => {
    cpu.setGr(0, 0n);
    cpu.setGr(8, 0x3002n);
    expect(cpu.run('plo %r2,0(%r8),%r4,0(%r9)').code).toBe(6);
  });
});
