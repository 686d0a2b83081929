import { absolute, CR0, PSW, StateDescription } from '@zarch/arch';
import { mmuLayout, stateField } from '@zarch/memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { cpuLayout, Exit } from '../../cpu-layout.ts';
import { CODE, TestCpu } from '../../test-cpu.ts';

/** In register 10. */
const DATA = 0x2_0000n;
/** In register 11. */
const OTHER = 0x3_0000n;
const SEGMENT_TABLE = 0x8_0000n;
const PAGE_TABLE = 0x8_4000n;
/** The secondary space's. */
const SECOND_TABLE = 0x8_8000n;
const SECOND_PAGES = 0x8_c000n;
const MODE = PSW.extendedAddressing | PSW.basicAddressing;
const OPERATION = 1;

let cpu: TestCpu;
beforeEach(() => {
  cpu = new TestCpu();
  cpu.setGr(10, DATA);
  cpu.setGr(11, OTHER);
});

const bytesOf = (value: bigint): number[] =>
  Array.from({ length: 8 }, (_, i) => Number((BigInt.asUintN(64, value) >> BigInt(56 - 8 * i)) & 0xffn));
const put = (address: bigint, ...values: readonly bigint[]) => cpu.setBytes(address, values.flatMap(bytesOf));
const get = (address: bigint): bigint => BigInt(`0x${cpu.bytes(address, 8).toHex()}`);
const view = () => new DataView(cpu.host.memory.buffer);
const psw = () => view().getBigUint64(cpu.cpu + mmuLayout.pswMask, true);
const setDoubleword = (offset: number, value: bigint) => view().setBigUint64(cpu.cpu + offset, value, true);
const description = () => cpu.word(mmuLayout.stateDescription) >>> 0;
const key = (address: bigint) => cpu.storage.key(absolute(Number(address)));
const setKey = (address: bigint, value: number) => cpu.storage.setKey(absolute(Number(address)), value);

/** Maps the first MiB onto itself in the primary space, and in the secondary one but for DATA, which is OTHER. */
function translate(mask = 0n, cr0 = CR0.secondarySpace): void {
  for (const [table, pages] of [
    [SEGMENT_TABLE, PAGE_TABLE],
    [SECOND_TABLE, SECOND_PAGES],
  ] as const) {
    for (let i = 0n; i < 2048n; i++) put(table + 8n * i, 0x20n);
    put(table, pages);
    for (let i = 0n; i < 256n; i++) put(pages + 8n * i, i << 12n);
  }
  put(SECOND_PAGES + 8n * (DATA >> 12n), OTHER);
  cpu.setControl(0, cr0);
  cpu.setControl(1, SEGMENT_TABLE | 3n);
  cpu.setControl(7, SECOND_TABLE | 3n);
  cpu.setPsw(MODE | PSW.dat | mask);
}

describe('LPSWE', () => {
  it.each([
    ['64-bit mode', MODE, DATA + 0x100n],
    ['31-bit mode', PSW.basicAddressing, DATA + 0x100n],
    ['24-bit mode', 0n, DATA + 0x100n],
    ['a program mask and cc 2', MODE | 0x2f00_0000_0000n, DATA],
  ])('loads %s', (_, mask, address) => {
    put(DATA + 0x800n, mask, address);
    expect(cpu.run('lpswe 0x800(%r10)')).toMatchObject({
      code: OPERATION,
      nextAddress: address + 2n,
      cc: Number((mask >> 44n) & 3n),
    });
    expect(psw()).toBe(mask & ~PSW.conditionCode);
  });

  it.each([
    ['bit 0', MODE | (1n << 63n), DATA],
    ['bit 2', MODE | (1n << 61n), DATA],
    ['bit 12', MODE | PSW.shortFormat, DATA],
    ['bit 33', MODE | (1n << 30n), DATA],
    ['bit 63', MODE | 1n, DATA],
    ['bit 31 without bit 32', PSW.extendedAddressing, DATA],
    ['an address beyond 31 bits', PSW.basicAddressing, 1n << 31n],
    ['an address beyond 24 bits', 0n, 1n << 24n],
  ])('loads and then rejects a PSW with %s, with length 0', (_, mask, address) => {
    put(DATA + 0x800n, mask, address);
    expect(cpu.run('lpswe 0x800(%r10)')).toMatchObject({ exit: Exit.program, code: 6, nextAddress: address });
    expect(cpu.word(cpuLayout.length)).toBe(0);
    expect(psw()).toBe(mask);
  });

  it('leaves for a wait PSW', () => {
    put(DATA, MODE | PSW.wait, OTHER);
    expect(cpu.run('lpswe 0(%r10)')).toMatchObject({ exit: Exit.check, nextAddress: OTHER });
  });

  it('needs a doubleword boundary', () => {
    expect(cpu.run('lpswe 4(%r10)').code).toBe(6);
    expect(cpu.word(cpuLayout.length)).toBe(4);
  });
});

describe('LPSW', () => {
  it('expands a short PSW', () => {
    put(DATA + 0x800n, PSW.shortFormat | PSW.basicAddressing | (3n << 52n) | (1n << 44n) | DATA);
    expect(cpu.run('lpsw 0x800(%r10)')).toMatchObject({ code: OPERATION, cc: 1, nextAddress: DATA + 2n });
    expect(psw()).toBe(PSW.basicAddressing | (3n << 52n));
  });
  it('rejects a PSW with bit 12 zero', () => {
    put(DATA + 0x800n, PSW.basicAddressing | DATA);
    expect(cpu.run('lpsw 0x800(%r10)')).toMatchObject({ exit: Exit.program, code: 6 });
  });
});

describe('the system mask', () => {
  const systemMask = () => Number(psw() >> 56n);
  it.each([
    ['ssm 0(%r10)', 0x03, undefined],
    ['stnsm 0(%r10),0xfe', 0x02, 0x03],
    ['stosm 0(%r10),0x01', 0x03, 0x03],
  ])('is set by %s', (source, result, stored) => {
    cpu.setBytes(DATA, [0x03]);
    cpu.setPsw(MODE | PSW.io | PSW.external);
    if (stored !== undefined) cpu.setBytes(DATA, [0xee]);
    expect(cpu.run(source).code).toBe(OPERATION);
    expect(systemMask()).toBe(result);
    if (stored !== undefined) expect(cpu.bytes(DATA, 1)[0]).toBe(stored);
  });
  it.each(['ssm 0(%r10)', 'stosm 8(%r10),0x80'])(
    'with a reserved bit from %s is an early exception',
    (source) => {
      cpu.setBytes(DATA, [0x08]);
      expect(cpu.run(source)).toMatchObject({ exit: Exit.program, code: 6 });
      expect(cpu.word(cpuLayout.length)).toBe(0);
    },
  );
  it('is not for SSM while CR0 bit 33 suppresses it', () => {
    cpu.setControl(0, 1n << 30n);
    expect(cpu.run('ssm 0(%r10)').code).toBe(0x13);
  });
});

describe('the PSW key', () => {
  it('is set by SPKA and inserted by IPK', () => {
    cpu.setGr(2, -1n);
    expect(cpu.run('spka 0x5f\n ipk').code).toBe(OPERATION);
    expect(cpu.gr(2)).toBe(0xffff_ffff_ffff_ff50n);
    expect(psw()).toBe(MODE | (5n << 52n));
  });
  it.each([
    [5, OPERATION],
    [6, 2],
    [4, 2],
  ])('%i may be set in the problem state by the PSW-key mask for 5: %i', (number, code) => {
    cpu.setControl(3, 1n << (31n - 5n));
    cpu.setPsw(MODE | PSW.problem);
    expect(cpu.run(`spka ${16 * number}`).code).toBe(code);
  });
  it.each([
    [0n, 2],
    [CR0.extractionAuthority, OPERATION],
  ])('is inserted in the problem state with CR0 %i: %i', (control, code) => {
    cpu.setControl(0, control);
    cpu.setPsw(MODE | PSW.problem);
    expect(cpu.run('ipk').code).toBe(code);
  });
});

describe('control registers', () => {
  it('are loaded and stored as doublewords', () => {
    put(DATA, 0x1111_2222_3333_4444n, 0x5555_6666_7777_8888n);
    expect(cpu.run('lctlg 4,5,0(%r10)\n stctg 4,5,16(%r10)\n stctl 5,5,32(%r10)').code).toBe(OPERATION);
    expect(get(DATA + 16n)).toBe(0x1111_2222_3333_4444n);
    expect(get(DATA + 24n)).toBe(0x5555_6666_7777_8888n);
    expect(get(DATA + 32n)).toBe(0x7777_8888_0000_0000n);
  });
  it('keep their left halves with LCTL', () => {
    cpu.setControl(4, 0xaaaa_bbbb_cccc_ddddn);
    put(DATA, 0x1111_2222_0000_0000n);
    expect(cpu.run('lctl 4,4,0(%r10)\n stctg 4,4,0(%r10)').code).toBe(OPERATION);
    expect(get(DATA)).toBe(0xaaaa_bbbb_1111_2222n);
  });
  it('wrap from 15 to 0', () => {
    cpu.setControl(15, 15n);
    cpu.setControl(0, 7n);
    cpu.setControl(1, 1n);
    expect(cpu.run('stctg 15,1,0(%r10)').code).toBe(OPERATION);
    expect([0n, 8n, 16n, 24n].map((at) => get(DATA + at))).toEqual([15n, 7n, 1n, 0n]);
  });
  it.each([
    [0, Exit.check],
    [4, Exit.program],
    [6, Exit.check],
    [9, Exit.check],
  ])('%i loaded exits with %i', (number, exit) => {
    expect(cpu.run(`lctlg ${number},${number},0(%r10)`).exit).toBe(exit);
  });
  it.each(['lctlg 4,4,4(%r10)', 'stctg 4,4,4(%r10)', 'lctl 4,4,2(%r10)', 'stctl 4,4,2(%r10)'])(
    '%s needs a boundary',
    (source) => {
      expect(cpu.run(source).code).toBe(6);
    },
  );
  it('are intercepted as the state description asks', () => {
    view().setUint16(description() + stateField(StateDescription.lctl, 2), 0x8000 >> 5, true);
    expect(cpu.run('lctlg 4,4,0(%r10)').exit).toBe(Exit.program);
    expect(cpu.run('lctlg 4,5,0(%r10)').exit).toBe(Exit.intercept);
  });
});

describe('storage keys', () => {
  it('are inserted by ISKE', () => {
    setKey(DATA, 0x5e);
    cpu.setGr(1, -1n);
    expect(cpu.run('iske %r1,%r10').code).toBe(OPERATION);
    expect(cpu.gr(1)).toBe(0xffff_ffff_ffff_ff5en);
  });
  it.each([
    // Mask, old key, new key, condition code (2 if unchanged), result.
    [0, 0x38, 0x57, 2, 0x56],
    [4, 0x54, 0x50, 0, 0x54],
    [4, 0x52, 0x50, 1, 0x50],
    [2, 0x52, 0x50, 0, 0x52],
    [2, 0x54, 0x50, 1, 0x50],
    [6, 0x56, 0x50, 0, 0x56],
    [6, 0x46, 0x50, 1, 0x50],
    [6, 0x56, 0x58, 1, 0x58],
  ])('are set by SSKE with mask %i over %i to %i: cc %i', (mask, old, fresh, cc, result) => {
    setKey(DATA, old);
    cpu.setGr(1, 0xffff_0000n | BigInt(fresh));
    cpu.setCc(2);
    expect(cpu.run(`sske %r1,%r10,${mask}`)).toMatchObject({ code: OPERATION, cc });
    expect(key(DATA)).toBe(result);
    const before = mask === 0 ? 0n : BigInt(old) << 8n;
    expect(cpu.gr(1)).toBe(0xffff_0000n | before | BigInt(fresh));
    expect(key(DATA + 0x1000n)).toBe(0);
  });
  it('are set by SSKE to the end of a MiB', () => {
    cpu.setGr(1, 0x70n);
    cpu.setGr(2, 0xf_e123n);
    expect(cpu.run('sske %r1,%r2,1').code).toBe(OPERATION);
    expect([0xf_d000n, 0xf_e000n, 0xf_f000n].map(key)).toEqual([0, 0x70, 0x70]);
    expect(cpu.gr(2)).toBe(0x10_0000n);
  });
  it.each([
    [0x30, 0],
    [0x32, 1],
    [0x34, 2],
    [0x3e, 3],
  ])('%i loses its reference bit to RRBE, cc %i', (old, cc) => {
    setKey(DATA, old);
    expect(cpu.run('rrbe %r1,%r10')).toMatchObject({ code: OPERATION, cc });
    expect(key(DATA)).toBe(old & ~4);
  });
  it.each(['iske %r1,%r2', 'sske %r1,%r2', 'rrbe %r1,%r2'])(
    'of no storage: %s is an addressing exception',
    (source) => {
      cpu.setGr(2, 0x10_0000n);
      expect(cpu.run(source).code).toBe(5);
    },
  );
});

describe('PFMF', () => {
  it('clears a frame and sets its key', () => {
    for (const at of [DATA - 8n, DATA, DATA + 0xff8n, DATA + 0x1000n]) put(at, -1n);
    cpu.setGr(1, 0x3_0050n);
    cpu.setGr(2, DATA + 0x123n);
    expect(cpu.run('pfmf %r1,%r2').code).toBe(OPERATION);
    expect([DATA, DATA + 0xff8n].map(get)).toEqual([0n, 0n]);
    expect([DATA - 8n, DATA + 0x1000n].map(get)).toEqual([0xffff_ffff_ffff_ffffn, 0xffff_ffff_ffff_ffffn]);
    expect([key(DATA), key(DATA + 0x1000n), cpu.gr(2)]).toEqual([0x50, 0, DATA + 0x123n]);
  });
  it('goes on to the end of a MiB', () => {
    cpu.setGr(1, 0x2_1060n);
    cpu.setGr(2, 0xf_e000n);
    expect(cpu.run('pfmf %r1,%r2').code).toBe(OPERATION);
    expect([0xf_d000n, 0xf_e000n, 0xf_f000n].map(key)).toEqual([0, 0x60, 0x60]);
    expect(cpu.gr(2)).toBe(0x10_0000n);
  });
  it.each([
    ['a reserved bit', 0x4_0000n],
    ['bit 55', 0x100n],
    ['bit 63', 1n],
    ['frame size 3', 0x3000n],
  ])('is a specification exception with %s', (_, control) => {
    cpu.setGr(1, control);
    cpu.setGr(2, DATA);
    expect(cpu.run('pfmf %r1,%r2').code).toBe(6);
  });
});

describe('TPROT', () => {
  it.each([
    [0x50, 0x58, 0],
    [0x40, 0x50, 1],
    [0x40, 0x58, 2],
    [0x00, 0x58, 0],
  ])('under key %i of storage with %i gives cc %i', (access, storage, cc) => {
    setKey(DATA, storage);
    expect(cpu.run(`tprot 0(%r10),${access}`)).toMatchObject({ code: OPERATION, cc });
    expect(key(DATA)).toBe(storage);
  });
  it.each([
    ['a page', 0n, 0],
    ['a protected page', 0x200n, 1],
    ['an invalid page', 0x400n, 3],
  ])('of %s gives the condition code', (_, bits, cc) => {
    translate();
    put(PAGE_TABLE + 8n * (DATA >> 12n), DATA | bits);
    expect(cpu.run('tprot 0(%r10),0')).toMatchObject({ code: OPERATION, cc });
  });
  it('of no storage is an addressing exception', () => {
    cpu.setGr(10, 0x10_0000n);
    expect(cpu.run('tprot 0(%r10),0').code).toBe(5);
  });
});

describe('clocks', () => {
  it('STCK never stores a value twice', () => {
    setDoubleword(cpuLayout.lastClock, 1n << 61n);
    cpu.setCc(3);
    expect(cpu.run('stck 0(%r10)\n stck 8(%r10)')).toMatchObject({ code: OPERATION, cc: 0 });
    expect([get(DATA), get(DATA + 8n)]).toEqual([(1n << 61n) + 1n, (1n << 61n) + 2n]);
  });
  it('STCK adds the epoch', () => {
    cpu.run('stckf 0(%r10)');
    view().setBigUint64(description() + stateField(StateDescription.epoch, 8), 1n << 40n, true);
    cpu.run('stckf 8(%r10)');
    const difference = get(DATA + 8n) - get(DATA) - (1n << 40n);
    expect(difference > 0n && difference < 100n).toBe(true);
  });
  it('STPT stores what SPT set, less what has passed', () => {
    put(DATA, 1000n);
    expect(cpu.run('spt 0(%r10)').exit).toBe(Exit.check);
    expect(cpu.run('stpt 8(%r10)').code).toBe(OPERATION);
    expect(get(DATA + 8n) < 1000n && get(DATA + 8n) > 900n).toBe(true);
  });
  it('STCKC stores what SCKC set', () => {
    put(DATA, 0x1234_5678_9abc_def0n);
    expect(cpu.run('sckc 0(%r10)').exit).toBe(Exit.check);
    expect(cpu.run('stckc 8(%r10)').code).toBe(OPERATION);
    expect(get(DATA + 8n)).toBe(0x1234_5678_9abc_def0n);
  });
});

describe('STFLE', () => {
  it.each([
    [0n, 3, [1n, 0n, 0n]],
    [1n, 3, [1n, 2n, 0n]],
    [2n, 0, [1n, 2n, 3n]],
    [255n, 0, [1n, 2n, 3n]],
  ])('offered %i more doublewords gives cc %i', (offered, cc, list) => {
    for (const i of [0, 1, 2]) setDoubleword(cpuLayout.announced + 8 * i, BigInt(i + 1));
    cpu.setGr(0, 0xaa00n | offered);
    expect(cpu.run('stfle 0(%r10)')).toMatchObject({ code: OPERATION, cc });
    expect([0n, 8n, 16n].map((at) => get(DATA + at))).toEqual(list);
    expect(cpu.gr(0)).toBe(0xaa02n);
  });
});

const intercepted = [
  ...['csch', 'hsch', 'rsch', 'xsch', 'msch 0(%r10)', 'ssch 0(%r10)', 'stsch 0(%r10)', 'tsch 0(%r10)'],
  ...['tpi 0(%r10)', 'servc %r1,%r2', 'sigp %r1,%r3,1', 'stsi 0(%r10)', 'stidp 0(%r10)', 'stap 0(%r10)'],
  ...['spx 0(%r10)', 'stpx 0(%r10)', 'sck 0(%r10)', 'tb %r1,%r2', 'diag %r1,%r2,0x500'],
];
it.each(intercepted)('%s is for the hypervisor, before anything has changed', (source) => {
  expect(cpu.run(source).exit).toBe(Exit.intercept);
  const width = view().getInt32(cpu.cpu + cpuLayout.length, true);
  expect(view().getBigUint64(cpu.cpu + cpuLayout.instructionAddress, true)).toBe(CODE);
  expect(width).toBe(4);
});

it.each([
  ...intercepted,
  ...['lpswe 0(%r10)', 'lpsw 0(%r10)', 'ssm 0(%r10)', 'stnsm 0(%r10),255', 'stosm 0(%r10),0'],
  ...['lctlg 4,4,0(%r10)', 'lctl 4,4,0(%r10)', 'stctg 4,4,0(%r10)', 'stctl 4,4,0(%r10)'],
  ...['iske %r1,%r2', 'sske %r1,%r2', 'rrbe %r1,%r2', 'pfmf %r1,%r2', 'tprot 0(%r10),0'],
  ...['ptlb', 'ipte %r1,%r2', 'idte %r1,%r3,%r2', 'csp %r2,%r4', 'cspg %r2,%r4', 'crdte %r2,%r6,%r4'],
  ...[
    'lra %r1,0(%r10)',
    'lrag %r1,0(%r10)',
    'lura %r1,%r2',
    'lurag %r1,%r2',
    'stura %r1,%r2',
    'sturg %r1,%r2',
  ],
  ...['sckc 0(%r10)', 'stckc 0(%r10)', 'spt 0(%r10)', 'stpt 0(%r10)'],
])('%s is privileged', (source) => {
  cpu.setPsw(MODE | PSW.problem);
  expect(cpu.run(source)).toMatchObject({ exit: Exit.program, code: 2 });
});

describe('compare and swap and purge', () => {
  it.each([
    ['csp', 0x1111_1111_5555_5555n, 0, 0x2222_2222_5555_5555n, 0xaaaa_aaaa_1111_1111n],
    ['csp', 0x1111_1112_5555_5555n, 1, 0x1111_1112_5555_5555n, 0xaaaa_aaaa_1111_1112n],
    ['cspg', 0xaaaa_aaaa_1111_1111n, 0, 0x2222_2222n, 0xaaaa_aaaa_1111_1111n],
    ['cspg', 0xaaaa_aaaa_1111_1112n, 1, 0xaaaa_aaaa_1111_1112n, 0xaaaa_aaaa_1111_1112n],
  ])('%s of %i gives cc %i', (mnemonic, stored, cc, after, register) => {
    put(DATA, stored);
    cpu.setGr(2, 0xaaaa_aaaa_1111_1111n);
    cpu.setGr(3, 0x2222_2222n);
    cpu.setGr(4, DATA | 1n);
    expect(cpu.run(`${mnemonic} %r2,%r4`)).toMatchObject({ code: OPERATION, cc });
    expect([get(DATA), cpu.gr(2)]).toEqual([after, register]);
  });
});

describe('IPTE', () => {
  it('invalidates the entry of the address in R2 and purges it', () => {
    translate();
    cpu.setGr(1, PAGE_TABLE);
    cpu.setGr(2, DATA);
    expect(cpu.run('lg %r3,0(%r10)\n ipte %r1,%r2\n lg %r4,0(%r10)').code).toBe(0x11);
    expect(cpu.word(cpuLayout.length)).toBe(6);
    const entries = [-1n, 0n, 1n].map((i) => get(PAGE_TABLE + 8n * ((DATA >> 12n) + i)) & 0x400n);
    expect(entries).toEqual([0n, 0x400n, 0n]);
  });
  it('invalidates a range', () => {
    for (let i = 0n; i < 256n; i++) put(PAGE_TABLE + 8n * i, i << 12n);
    cpu.setGr(1, PAGE_TABLE);
    cpu.setGr(2, 0x2_0000n);
    cpu.setGr(3, 2n);
    expect(cpu.run('ipte %r1,%r2,%r3').code).toBe(OPERATION);
    const invalid = [31n, 32n, 33n, 34n, 35n].map((i) => get(PAGE_TABLE + 8n * i) & 0x400n);
    expect(invalid).toEqual([0n, 0x400n, 0x400n, 0x400n, 0n]);
  });
  it('refuses a range beyond the page table', () => {
    cpu.setGr(2, 0xf_f000n);
    cpu.setGr(3, 1n);
    expect(cpu.run('ipte %r1,%r2,%r3').code).toBe(6);
  });
});

describe('IDTE', () => {
  const invalid = () => [2n, 3n, 4n, 5n, 6n].map((i) => Number((get(SEGMENT_TABLE + 8n * i) >> 5n) & 1n));
  it.each([
    ['a segment', 0n, 3n << 20n, [0, 1, 0, 0, 0]],
    ['a third region', 4n, 4n << 31n, [0, 0, 1, 0, 0]],
    ['a second region', 8n, 5n << 42n, [0, 0, 0, 1, 0]],
    ['a first region', 12n, 3n << 53n, [0, 1, 0, 0, 0]],
    ['three segments', 0n, (3n << 20n) | 2n, [0, 1, 1, 1, 0]],
    ['nothing, clearing only', 0n, (3n << 20n) | 0x800n, [0, 0, 0, 0, 0]],
  ])('invalidates %s', (_, type, address, expected) => {
    cpu.setGr(1, SEGMENT_TABLE | type);
    cpu.setGr(2, address);
    expect(cpu.run('idte %r1,%r3,%r2').code).toBe(OPERATION);
    expect(invalid()).toEqual(expected);
  });
  it('purges', () => {
    translate();
    cpu.setGr(1, SEGMENT_TABLE);
    cpu.setGr(2, 0n);
    expect(cpu.run('idte %r1,%r3,%r2').code).toBe(0x10);
  });
  it.each([
    ['the current space', SEGMENT_TABLE | 3n, 0x11],
    ['a space with the same table and other attributes', SEGMENT_TABLE, 0x11],
    ['another space', SECOND_TABLE | 3n, OPERATION],
  ])('clears entries of %s', (_, asce, code) => {
    translate();
    cpu.setGr(2, 0x800n);
    cpu.setGr(3, asce);
    cpu.setGr(4, PAGE_TABLE + 8n * (DATA >> 12n));
    cpu.setGr(5, DATA | 0x400n);
    expect(cpu.run('lg %r6,0(%r10)\n stg %r5,0(%r4)\n idte %r0,%r3,%r2\n lg %r6,0(%r10)').code).toBe(code);
  });
  it('refuses bits 44 to 51 of R2', () => {
    cpu.setGr(2, 0x1000n);
    expect(cpu.run('idte %r1,%r3,%r2').code).toBe(6);
  });
});

describe('CRDTE', () => {
  it.each([
    ['page', PAGE_TABLE, 0x5_0000n, PAGE_TABLE + 8n * 0x50n],
    ['segment', SEGMENT_TABLE | 0x10n, 3n << 20n, SEGMENT_TABLE + 24n],
    ['third-region', SEGMENT_TABLE | 0x14n, 3n << 31n, SEGMENT_TABLE + 24n],
  ])('replaces a %s entry only if it is the expected one', (_, designation, address, entry) => {
    put(entry, 0x1000n);
    cpu.setGr(2, 0x1000n);
    cpu.setGr(3, 0x2000n);
    cpu.setGr(4, designation);
    cpu.setGr(5, address);
    expect(cpu.run('crdte %r2,%r6,%r4')).toMatchObject({ code: OPERATION, cc: 0 });
    expect(get(entry)).toBe(0x2000n);
    expect(cpu.run('crdte %r2,%r6,%r4')).toMatchObject({ code: OPERATION, cc: 1 });
    expect([get(entry), cpu.gr(2)]).toEqual([0x2000n, 0x2000n]);
  });
  it('refuses table types 1 to 3', () => {
    cpu.setGr(4, PAGE_TABLE | 4n);
    expect(cpu.run('crdte %r2,%r6,%r4').code).toBe(6);
  });
});

/** R1 tells where translation ended (Principles of Operation, chapter 10, "LOAD REAL ADDRESS"). */
describe('LRAG', () => {
  it.each([
    ['a page', DATA + 0x123n, 0],
    ['an invalid segment', 3n << 20n, 1],
    ['an invalid page', OTHER, 2],
    ['an address that the ASCE cannot translate', 1n << 40n, 3],
  ])('of %s gives the condition code', (_, address, cc) => {
    translate();
    put(PAGE_TABLE + 8n * (DATA >> 12n), 0x7_0000n);
    put(PAGE_TABLE + 8n * (OTHER >> 12n), 0x400n);
    cpu.setGr(5, address);
    expect(cpu.run('lrag %r3,0(%r5)')).toMatchObject({ code: OPERATION, cc });
    if (cc === 0) expect(cpu.gr(3)).toBe(0x7_0123n);
    // The address of the entry that is not valid, or the exception code.
    if (cc === 2) expect(cpu.gr(3)).toBe(PAGE_TABLE + 8n * (OTHER >> 12n));
    if (cc === 3) expect(cpu.gr(3) & 0xffff_ffffn).toBe(0x8000_0038n);
  });
  it('works while DAT is off', () => {
    translate();
    cpu.setPsw(MODE);
    expect(cpu.run('lrag %r3,8(%r10)')).toMatchObject({ code: OPERATION, cc: 0 });
    expect(cpu.gr(3)).toBe(DATA + 8n);
  });
});

describe('MVCP and MVCS', () => {
  const run = (mnemonic: string) => cpu.run(`${mnemonic} 0(%r1,%r10),0(%r11),%r3`);
  it.each([
    [8n, 0],
    [256n, 0],
    [257n, 3],
  ])('moves %i bytes, cc %i', (length, cc) => {
    translate();
    cpu.setBytes(DATA, new Uint8Array(300).fill(7));
    cpu.setGr(11, DATA);
    cpu.setBytes(OTHER, new Uint8Array(300).fill(9));
    cpu.setGr(10, 0x4_0000n);
    cpu.setGr(1, length);
    // The secondary space has OTHER at DATA.
    expect(run('mvcp')).toMatchObject({ code: OPERATION, cc });
    const moved = cpu.bytes(0x4_0000n, 300);
    expect(moved.filter((byte) => byte === 9).length).toBe(Math.min(Number(length), 256));
    expect(moved.includes(7)).toBe(false);
  });
  it('MVCS moves to the secondary space', () => {
    translate();
    put(OTHER, 0n);
    put(0x4_0000n, 0x1234n);
    cpu.setGr(11, 0x4_0000n);
    cpu.setGr(1, 8n);
    expect(run('mvcs').code).toBe(OPERATION);
    expect([get(DATA), get(OTHER)]).toEqual([0n, 0x1234n]);
  });
  it('uses the key in R3 for the secondary space', () => {
    translate();
    setKey(OTHER, 0x58);
    cpu.setGr(11, DATA);
    cpu.setGr(10, 0x4_0000n);
    cpu.setGr(1, 8n);
    cpu.setGr(3, 0x40n);
    expect(run('mvcp').code).toBe(4);
    cpu.setGr(3, 0x50n);
    expect(run('mvcp').code).toBe(OPERATION);
  });
  it.each([
    ['without DAT', 0n, CR0.secondarySpace],
    ['without the secondary-space control', PSW.dat, 0n],
  ])('is a special operation %s', (_, dat, control) => {
    translate(0n, control);
    cpu.setPsw(MODE | dat);
    expect(run('mvcp').code).toBe(0x13);
  });
  it('needs authority for the key in the problem state', () => {
    translate(PSW.problem);
    expect(run('mvcp').code).toBe(2);
    cpu.setControl(3, 1n << 31n);
    expect(run('mvcp').code).toBe(OPERATION);
  });
});

describe('MVCOS', () => {
  const run = () => cpu.run('mvcos 0(%r10),0(%r11),%r3');
  beforeEach(() => {
    cpu.setGr(10, 0x4_0000n);
    cpu.setGr(11, DATA);
    put(DATA, 0x1111n);
    put(OTHER, 0x2222n);
    cpu.setGr(3, 8n);
  });
  it.each([
    ["the PSW's space", 0n, 0x1111n],
    ['the primary space', 0x0001n, 0x1111n],
    ['the secondary space', 0x0081n, 0x2222n],
    ['a space without the validity bit', 0x0080n, 0x1111n],
  ])('fetches from %s', (_, control, value) => {
    translate();
    cpu.setGr(0, control);
    expect(run()).toMatchObject({ code: OPERATION, cc: 0 });
    expect(get(0x4_0000n)).toBe(value);
  });
  it('stores into the secondary space', () => {
    translate();
    cpu.setGr(0, 0x81_0000n);
    cpu.setGr(10, DATA);
    cpu.setGr(11, 0x4_0000n);
    expect(run().code).toBe(OPERATION);
    expect([get(DATA), get(OTHER)]).toEqual([0x1111n, 0n]);
  });
  it.each([
    ['the right key', 0x5002n, OPERATION],
    ['another key', 0x4002n, 4],
    ['a key without the validity bit', 0x4000n, OPERATION],
  ])('fetches with %s', (_, control, code) => {
    translate();
    setKey(DATA, 0x58);
    cpu.setGr(0, control);
    expect(run().code).toBe(code);
  });
  it.each([
    ['home space in the problem state', 0x00c1n, PSW.problem, CR0.secondarySpace, 0x13],
    ['secondary space without the control', 0x0081n, 0n, 0n, 0x13],
    ['a key without authority', 0x5002n, PSW.problem, CR0.secondarySpace, 2],
  ])('refuses %s', (_, control, mask, cr0, code) => {
    translate(mask, cr0);
    cpu.setGr(0, control);
    expect(run().code).toBe(code);
  });
  it.each([
    ['is there', 'nopr', OPERATION],
    ['has been invalidated', 'ipte %r5,%r10', 0x11],
    ['belongs to a space that was purged', 'stg %r7,0(%r6)\n idte %r0,%r4,%r2', 0x11],
    ['has another key', 'spka 0x50(%r0)', 4],
  ])('uses what the CPU knows of a page that %s', (_, change, code) => {
    translate();
    setKey(DATA, 0x38);
    cpu.setGr(0, 0n);
    cpu.setGr(2, 0x800n);
    cpu.setGr(4, SEGMENT_TABLE);
    cpu.setGr(5, PAGE_TABLE);
    cpu.setGr(6, PAGE_TABLE + 8n * (DATA >> 12n));
    cpu.setGr(7, DATA | 0x400n);
    const [from, to] = [DATA, 0x4_0000n];
    put(from, 0x77n);
    cpu.setGr(10, from);
    cpu.setGr(11, to);
    // Both pages are known by then.
    const move = 'mvcos 0(%r11),0(%r10),%r3';
    expect(cpu.run(`lg %r1,0(%r10)\n stg %r1,8(%r11)\n ${change}\n ${move}`).code).toBe(code);
    expect([get(to), get(to + 8n)]).toEqual([code === OPERATION ? 0x77n : 0n, 0x77n]);
  });
  it('does not store where only a fetch is known to be allowed', () => {
    translate();
    cpu.setGr(0, 0n);
    put(PAGE_TABLE + 8n * (DATA >> 12n), DATA | 0x200n);
    expect(cpu.run('lg %r1,0(%r11)\n mvcos 0(%r11),0(%r10),%r3').code).toBe(4);
  });
  it('moves at most 4096 bytes, with cc 3', () => {
    translate();
    cpu.setGr(0, 0n);
    cpu.setGr(3, 4097n);
    cpu.setBytes(DATA, new Uint8Array(4097).fill(5));
    expect(run()).toMatchObject({ code: OPERATION, cc: 3 });
    expect(cpu.bytes(0x4_0000n, 4097).lastIndexOf(5)).toBe(4095);
  });
});
