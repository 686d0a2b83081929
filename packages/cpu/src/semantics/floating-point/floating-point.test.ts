import { ProgramInterruption } from '@zarch/arch';
import { instructions } from '@zarch/isa';
import { beforeEach, describe, expect, it } from 'vitest';
import { cpuLayout } from '../../cpu-layout.ts';
import { TestCpu } from '../../test-cpu.ts';
import { createDefinitions } from '../definitions.ts';

const AFP = 1n << 18n;
const double = (value: number): bigint => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
};
const short = (value: number): bigint => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return BigInt(view.getUint32(0)) << 32n;
};

const cpu = new TestCpu();
const old = new TestCpu((bit) => bit !== 37);

beforeEach(() => {
  for (const each of [cpu, old]) {
    each.setControl(0, AFP);
    each.fpc = 0;
    each.setCc(0);
    for (let i = 0; i < 16; i++) {
      each.setFpr(i, 0n);
      each.setGr(i, 0n);
    }
  }
});

it('every BFP instruction is defined', () => {
  const defined = new Set(createDefinitions().mnemonics());
  const rows = instructions.filter((row) => row.topic === 'BFP');
  expect(rows.length).toBeGreaterThanOrEqual(100);
  expect(rows.filter((row) => !defined.has(row.mnemonic)).map((row) => row.mnemonic)).toEqual([]);
});

describe('arithmetic', () => {
  it.each([
    ['adbr %f1,%f2', double(1.5), double(2), double(3.5), 2],
    ['sdbr %f1,%f2', double(1), double(1), double(0), 0],
    ['mdbr %f1,%f2', double(-3), double(7), double(-21), 3],
    ['ddbr %f1,%f2', double(1), double(4), double(0.25), 3],
    ['sqdbr %f1,%f2', 0n, double(2), double(Math.SQRT2), 3],
    ['aebr %f1,%f2', short(1) | 0x1234_5678n, short(2), short(3) | 0x1234_5678n, 2],
    ['mdebr %f1,%f2', short(3), short(5), double(15), 3],
    ['ldebr %f1,%f2', 0n, short(-0.5), double(-0.5), 3],
    ['ledbr %f1,%f2', 0xffff_ffffn, double(1.25), short(1.25) | 0xffff_ffffn, 3],
    ['lcdbr %f1,%f2', 0n, double(4), double(-4), 1],
    ['cdbr %f1,%f2', double(1), double(2), double(1), 1],
    ['cdbr %f1,%f2', double(NaN), double(2), double(NaN), 3],
  ])('%s', (source, first, second, result, cc) => {
    cpu.setFpr(1, first);
    cpu.setFpr(2, second);
    cpu.setCc(3);
    const end = cpu.run(source);
    expect({ code: end.code, cc: end.cc, result: cpu.fpr(1), fpc: cpu.fpc & 0xf7ff_ffff & ~0x80000 }).toEqual(
      {
        code: ProgramInterruption.operation,
        cc,
        result,
        fpc: 0,
      },
    );
  });

  it('operands in storage are read and the third operand of a fused multiplication is R3', () => {
    cpu.setGr(5, 0x2000n);
    cpu.setBytes(0x2008, [0x40, 0x08, 0, 0, 0, 0, 0, 0]);
    cpu.setFpr(1, double(1));
    cpu.setFpr(9, double(10));
    cpu.run('madb %f1,%f9,8(%r5)\n adb %f9,8(%r5)');
    expect([cpu.fpr(1), cpu.fpr(9)]).toEqual([double(31), double(13)]);
  });

  it('an extended operand is in a pair of registers', () => {
    cpu.setFpr(1, double(3));
    cpu.run('lxdbr %f4,%f1\n axbr %f4,%f4\n ldxbr %f8,%f4');
    expect(cpu.fpr(8)).toBe(double(6));
    expect(cpu.fpr(6)).toBe(0n);
  });

  it('conversions to and from general registers use the width of the operand', () => {
    cpu.setGr(1, 0x1111_1111_ffff_ffffn);
    cpu.setFpr(2, double(-2.5));
    cpu.run('cdfbr %f3,%r1\n cfdbr %r4,5,%f2\n cgdbr %r5,6,%f2');
    expect([cpu.fpr(3), cpu.gr(4), cpu.gr(5)]).toEqual([double(-1), 0xffff_fffen, (1n << 64n) - 2n]);
  });

  it('DIVIDE TO INTEGER has its quotient in R3 and its remainder in R1', () => {
    cpu.setFpr(1, double(17));
    cpu.setFpr(2, double(5));
    const end = cpu.run('didbr %f1,%f3,%f2,5');
    expect([cpu.fpr(1), cpu.fpr(3), end.cc]).toEqual([double(2), double(3), 0]);
  });

  it('TEST DATA CLASS takes classes from the address', () => {
    cpu.setFpr(1, double(-Infinity));
    expect(cpu.run('tcdb %f1,0x10').cc).toBe(1);
    expect(cpu.run('tcdb %f1,0xfef').cc).toBe(0);
  });
});

describe('exceptions', () => {
  it('a trapped division by zero is suppressed, with its DXC in the block and in the FPC', () => {
    cpu.fpc = 0x4000_0000;
    cpu.setFpr(1, double(1));
    expect(cpu.run('ddbr %f1,%f2').code).toBe(ProgramInterruption.data);
    expect([cpu.word(cpuLayout.dxc), cpu.fpc, cpu.fpr(1)]).toEqual([0x40, 0x4000_4000, double(1)]);
  });

  it('a trapped inexact result is delivered before the interruption', () => {
    cpu.fpc = 0x0800_0000;
    cpu.setFpr(1, double(1));
    cpu.setFpr(2, double(3));
    expect(cpu.run('ddbr %f1,%f2').code).toBe(ProgramInterruption.data);
    expect([cpu.fpc & 0xfb00, cpu.fpr(1)]).toEqual([0x0800, double(1 / 3)]);
  });

  it.each([
    ['adbr %f0,%f2', 2],
    ['efpc %r1', 2],
    ['sfasr %r1', 3],
    ['ldr %f0,%f1', 1],
    ['ld %f8,0', 1],
    ['cpsdr %f0,%f3,%f2', 1],
  ])(
    'without the AFP-register control %s is a data exception %i that leaves the FPC alone',
    (source, dxc) => {
      cpu.setControl(0, 0n);
      expect(cpu.run(source).code).toBe(ProgramInterruption.data);
      expect([cpu.word(cpuLayout.dxc), cpu.fpc]).toEqual([dxc, 0]);
    },
  );

  it.each(['ldr %f4,%f6', 'ld %f2,0', 'std %f0,0x800', 'lgdr %r1,%f2', 'lzxr %f0'])(
    'without the AFP-register control %s can be used',
    (source) => {
      cpu.setControl(0, 0n);
      expect(cpu.run(source).code).toBe(ProgramInterruption.operation);
    },
  );

  it.each([
    '.long 0xb34a0020', // axbr %f2,%f0
    '.long 0xb34a0006', // axbr %f0,%f6
    '.long 0xb3650003', // lxr %f0,%f3
    '.long 0xb3760070', // lzxr %f7
    '.long 0xb35f2012', // fidbr, M3 = 2
    '.long 0xb35f8012', // fidbr, M3 = 8
    '.long 0xb35b1012', // didbr with R1 = R3
    'srnmb 4',
    'srnmb 8',
    'lfpc 0x900',
  ])('%s is a specification exception', (source) => {
    cpu.setBytes(0x900, [3, 0, 0, 0]);
    expect(cpu.run(source).code).toBe(ProgramInterruption.specification);
  });

  it('without the floating-point extension M3 = 3 is invalid, and fields that came with it are ignored', () => {
    old.setFpr(2, double(2.5));
    expect(old.run('.long 0xb35f3012').code).toBe(ProgramInterruption.specification);
    expect(cpu.run('.long 0xb35f3012').code).toBe(ProgramInterruption.operation);
    expect(old.run('.long 0xb3442f12').code).toBe(ProgramInterruption.operation); // ledbr, M3 = 2
    expect(cpu.run('.long 0xb3442f12').code).toBe(ProgramInterruption.specification);
  });
});

describe('without the floating-point extension', () => {
  it.each(['clgdbr %r1,5,%f2,0', 'cdlgbr %f1,0,%r2,0', 'celfbr %f1,0,%r2,0'])(
    '%s is an operation exception',
    (source) => {
      const end = old.run(`lzdr %f1\n ${source}\n lzdr %f1\n la %r1,1`);
      expect([end.code, old.gr(1)]).toEqual([ProgramInterruption.operation, 0n]);
    },
  );

  it('the inexact-exception control of M4 is ignored', () => {
    for (const each of [cpu, old]) each.setFpr(2, double(2.5));
    const source = '.long 0xb35f5412'; // fidbr %f1,5,%f2, M4 = 4
    expect([cpu.run(source).code, cpu.fpc, cpu.fpr(1)]).toEqual([1, 0, double(2)]);
    expect([old.run(source).code, old.fpc, old.fpr(1)]).toEqual([1, 0x0008_0000, double(2)]);
  });
});

describe('registers', () => {
  it.each([
    ['lpdfr %f1,%f2', -1n, 0x7fff_ffff_ffff_ffffn],
    ['lndfr %f1,%f2', 1n, 0x8000_0000_0000_0001n],
    ['lcdfr %f1,%f2', 1n << 63n, 0n],
    ['cpsdr %f1,%f3,%f2', 0x8000_0000_0000_0005n, 5n],
    ['ldr %f1,%f2', 7n, 7n],
    ['ler %f1,%f2', -1n, 0xffff_ffff_0000_0000n],
    ['ldgr %f1,%r2', 0n, 0x0123_4567_89ab_cdefn],
  ])('%s', (source, second, result) => {
    cpu.setFpr(2, second);
    cpu.setGr(2, 0x0123_4567_89ab_cdefn);
    cpu.setCc(3);
    expect(cpu.run(source).cc).toBe(3);
    expect(cpu.fpr(1)).toBe(result);
  });

  it('loads and stores move 4 and 8 bytes, with long displacements too', () => {
    cpu.setGr(5, 0x3000n);
    cpu.setBytes(0x2ff8, [1, 2, 3, 4, 5, 6, 7, 8]);
    cpu.run('ldy %f1,-8(%r5)\n ley %f2,-4(%r5)\n std %f1,0(%r5)\n ste %f2,8(%r5)\n stey %f1,12(%r5)');
    expect([...cpu.bytes(0x3000, 16)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8, 1, 2, 3, 4]);
    expect(cpu.fpr(2)).toBe(0x0506_0708_0000_0000n);
  });
});

describe('floating-point-control register', () => {
  it('is loaded, stored, set and extracted', () => {
    cpu.setGr(1, 0x1111_1111_8800_0072n);
    expect(cpu.run('sfpc %r1\n efpc %r2\n stfpc 0x900\n srnm 1\n srnmt 5\n efpc %r3').code).toBe(1);
    expect([cpu.gr(2), cpu.gr(3)]).toEqual([0x8800_0072n, 0x8800_0051n]);
    expect([...cpu.bytes(0x900, 4)]).toEqual([0x88, 0, 0, 0x72]);
    cpu.run('srnmb 7\n efpc %r3');
    expect(cpu.gr(3)).toBe(0x8800_0057n);
  });

  it('SET FPC AND SIGNAL keeps the old flags and traps for those that the new masks enable', () => {
    cpu.fpc = 0x0088_0000;
    cpu.setGr(1, 0x0800_0001n);
    expect(cpu.run('sfasr %r1').code).toBe(ProgramInterruption.data);
    expect(cpu.fpc).toBe(0x0888_0b01);
  });
});
