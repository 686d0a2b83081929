import { describe, expect, it } from 'vitest';
import { TestCpu } from '../../test-cpu.ts';

const u64 = (value: bigint) => BigInt.asUintN(64, value);
const s64 = (value: bigint) => BigInt.asIntN(64, value);
const MIN = 1n << 63n;

const samples = [
  0n,
  1n,
  2n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
  MIN,
  MIN + 1n,
  u64(-1n),
  u64(-2n),
  0xffff_ffff_0000_0000n,
  0x1234_5678_9abc_def0n,
  0xfedc_ba98_7654_3210n,
];

describe.each([false, true])('multiplication and division, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;

  it('MLGR and MGRK give 128-bit products', () => {
    for (const a of samples) {
      for (const b of samples) {
        cpu.setGr(3, a);
        cpu.setGr(4, b);
        cpu.run('mlgr %r2,%r4\n mgrk %r6,%r4,%r5');
        expect([cpu.gr(2), cpu.gr(3)]).toEqual([u64((a * b) >> 64n), u64(a * b)]);
        cpu.setGr(5, a);
        cpu.run('mgrk %r6,%r4,%r5');
        const product = s64(a) * s64(b);
        expect([cpu.gr(6), cpu.gr(7)]).toEqual([u64(product >> 64n), u64(product)]);
        const end = cpu.run('msgrkc %r8,%r4,%r5');
        const cc = product !== s64(product) ? 3 : product === 0n ? 0 : product < 0n ? 1 : 2;
        expect([cpu.gr(8), end.cc]).toEqual([u64(product), cc]);
      }
    }
  });

  it('DLGR divides 128 bits by 64', () => {
    for (const divisor of samples) {
      for (const high of samples) {
        for (const low of [0n, 5n, u64(-1n), 0x8000_0000_0000_0000n, 0x1234_5678_9abc_def0n]) {
          cpu.setGr(2, high);
          cpu.setGr(3, low);
          cpu.setGr(4, divisor);
          const end = cpu.run('dlgr %r2,%r4');
          if (high >= divisor) {
            expect([end.code, cpu.gr(2), cpu.gr(3)]).toEqual([9, high, low]);
            continue;
          }
          const dividend = (high << 64n) | low;
          expect([end.code, cpu.gr(2), cpu.gr(3)]).toEqual([1, dividend % divisor, dividend / divisor]);
        }
      }
    }
  });

  it.each([
    // instruction, registers 2 to 4 before, code, registers 2 and 3 after
    ['mr %r2,%r4', 0n, 0x1_ffff_ffffn, 2n, 1, 0xffff_ffffn, 0x1_ffff_fffen],
    ['mlr %r2,%r4', 0n, 0x1_ffff_ffffn, 2n, 1, 1n, 0x1_ffff_fffen],
    ['msr %r2,%r4', 0x7_0000_0003n, 0n, 0xffff_ffffn, 1, 0x7_ffff_fffdn, 0n],
    ['msgfr %r2,%r4', 3n, 0n, 0xffff_ffffn, 1, -3n, 0n],
    ['mhi %r2,-2', 0x7_0000_0003n, 0n, 0n, 1, 0x7_ffff_fffan, 0n],
    ['mghi %r2,-2', 3n, 0n, 0n, 1, -6n, 0n],
    ['msgfi %r2,-100000', 3n, 0n, 0n, 1, -300000n, 0n],
    ['msfi %r2,65536', 0x10001n, 0n, 0n, 1, 0x10000n, 0n],
    ['dr %r2,%r4', -1n, -7n, 2n, 1, -1n, 0xffff_ffff_ffff_fffdn],
    ['dr %r2,%r4', 0n, 7n, 0n, 9, 0n, 7n],
    ['dr %r2,%r4', 1n, 0n, 2n, 9, 1n, 0n],
    ['dr %r2,%r4', 1n, 0n, 0xffff_fffen, 1, 0n, 0x8000_0000n],
    ['dr %r2,%r4', 0x8000_0000n, 0n, 0xffff_ffffn, 9, 0x8000_0000n, 0n],
    ['dlr %r2,%r4', 1n, 3n, 2n, 1, 1n, 0x8000_0001n],
    ['dlr %r2,%r4', 2n, 3n, 2n, 9, 2n, 3n],
    ['dsgr %r2,%r4', 9n, -7n, 2n, 1, -1n, -3n],
    ['dsgfr %r2,%r4', 9n, 7n, 0xffff_fffen, 1, 1n, -3n],
    ['dsgr %r2,%r4', 9n, -(1n << 63n), -1n, 9, 9n, -(1n << 63n)],
    ['dsgr %r2,%r4', 9n, 1n, 0n, 9, 9n, 1n],
    ['.long 0xb9870034', 9n, 1n, 0n, 6, 9n, 1n],
    ['.short 0x1c34', 9n, 1n, 0n, 6, 9n, 1n],
  ] as const)('%s of %i, %i and %i', (source, r2, r3, r4, code, after2, after3) => {
    cpu.setGr(2, r2);
    cpu.setGr(3, r3);
    cpu.setGr(4, r4);
    const end = cpu.run(source);
    expect([end.code, s64(cpu.gr(2)), s64(cpu.gr(3))]).toEqual([code, s64(after2), s64(after3)]);
  });

  it.each([
    ['msc', 0x7fff_ffffn, 2n, 3],
    ['msc', 3n, -2n, 1],
    ['msc', 3n, 0n, 0],
    ['msgc', MIN, -1n, 3],
    ['msgc', 1n << 40n, 1n << 22n, 2],
    ['msgc', 1n << 40n, 1n << 23n, 3],
  ])('%s of %i and %i sets condition code %i', (mnemonic, a, b, cc) => {
    cpu.setGr(1, a);
    cpu.setGr(2, b);
    expect(
      cpu.run(`lghi %r5,0x2000\n stg %r2,0(%r5)\n ${mnemonic} %r1,${mnemonic === 'msc' ? 4 : 0}(%r5)`).cc,
    ).toBe(cc);
    expect(mnemonic === 'msc' ? cpu.gr(1) & 0xffff_ffffn : cpu.gr(1)).toBe(
      BigInt.asUintN(mnemonic === 'msc' ? 32 : 64, a * b),
    );
  });

  it('storage forms take their operand from storage', () => {
    const storage = 'lghi %r9,-3\n lghi %r5,0x2000\n stg %r9,0(%r5)\n lghi %r2,0\n lghi %r3,20\n';
    const signed = (number: number) => s64(cpu.gr(number));
    cpu.run(`${storage} mg %r2,0(%r5)`);
    expect([signed(2), signed(3)]).toEqual([-1n, -60n]);
    cpu.run(`${storage} dsg %r2,0(%r5)`);
    expect([signed(2), signed(3)]).toEqual([2n, -6n]);
    cpu.run(`${storage} d %r2,4(%r5)`);
    expect([signed(2), signed(3)]).toEqual([2n, 0xffff_fffan]);
    cpu.run(`${storage} lgr %r4,%r3\n lghi %r5,0x2006\n mgh %r4,0(%r5)\n mh %r3,0(%r5)`);
    expect([signed(4), signed(3)]).toEqual([-60n, 0xffff_ffc4n]);
  });
});
