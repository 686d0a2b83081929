import { CpuFlag, CR0, InterceptionControl, Lowcore, PSW, StateDescription } from '@zarch/arch';
import { mmuFacility, mmuLayout, stateField } from '@zarch/memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { cpuLayout, Delivery, Exit } from '../../cpu-layout.ts';
import { CODE } from '../../test-cpu.ts';
import { MODE, OTHER, PAGE_TABLE, TestControlCpu } from './test-control-cpu.ts';

const PROGRAM_HANDLER = 0x4_0000n;
const SVC_HANDLER = 0x4_1000n;

let cpu: TestControlCpu;

const get = (address: number, length: number) => Number(`0x${cpu.bytes(address, length).toHex()}`);
const count = (counter: number) => Number(cpu.view.getBigUint64(cpu.cpu + counter, true));
const setState = (field: number, value: number) =>
  cpu.view.setUint32(cpu.description + stateField(field, 4), value, true);

/** The instruction by which a handler ends the run. */
const END = [0xb2, 0x12, 0, 0];
const ENDED = { exit: Exit.intercept };

beforeEach(() => {
  cpu = new TestControlCpu();
  cpu.setWord(cpuLayout.delivery, Delivery.inside);
  cpu.setWord(mmuLayout.facilities, mmuFacility.fetchStoreIndication);
  cpu.put(BigInt(Lowcore.programNewPsw), MODE, PROGRAM_HANDLER);
  cpu.put(BigInt(Lowcore.svcNewPsw), MODE, SVC_HANDLER);
  cpu.setBytes(PROGRAM_HANDLER, END);
  cpu.setBytes(SVC_HANDLER, END);
});

/** Maps the first MiB onto itself, but for OTHER. */
function translate(mask = 0n): void {
  cpu.translate(mask);
  cpu.put(PAGE_TABLE + 8n * (OTHER >> 12n), 0x400n);
}

interface Stored {
  readonly code: number;
  /** The instruction-length code times two. */
  readonly length: number;
  /** Of the old PSW, from the start of the program. */
  readonly old: bigint;
  readonly teid?: bigint;
  readonly access?: number;
  readonly operand?: number;
  readonly dxc?: number;
  readonly monitor?: readonly [number, bigint];
}

/** What is stored with an interruption is otherwise left as it was: here, all ones. */
const UNTOUCHED = { teid: (1n << 64n) - 1n, access: 0xff, operand: 0xff, dxc: 0xffff_ffff };

function untouched(): void {
  cpu.setBytes(
    Lowcore.programLength,
    new Uint8Array(Lowcore.subchannelId - Lowcore.programLength).fill(0xff),
  );
}

function stored(): Required<Stored> {
  return {
    code: get(Lowcore.programCode, 2),
    length: get(Lowcore.programLength, 2),
    old: cpu.get(BigInt(Lowcore.programOldPsw + 8)) - CODE,
    teid: cpu.get(BigInt(Lowcore.teid)),
    access: get(Lowcore.exceptionAccess, 1),
    operand: get(Lowcore.operandAccess, 1),
    dxc: get(Lowcore.dataExceptionCode, 4),
    monitor: [get(Lowcore.monitorClass, 2), cpu.get(BigInt(Lowcore.monitorCode))],
  };
}

describe('a program interruption', () => {
  it.each<[string, () => void, string, Stored]>([
    ['operation', () => {}, ' .short 0', { code: 1, length: 2, old: 2n }],
    ['privileged operation', () => cpu.setPsw(MODE | PSW.problem), 'ptlb', { code: 2, length: 4, old: 4n }],
    ['execute', () => {}, 'exrl %r0,again\nagain: exrl %r0,again', { code: 3, length: 6, old: 6n }],
    [
      'protection',
      () => cpu.setControl(0, CR0.lowAddressProtection),
      'stg %r1,0x60(%r0)',
      { code: 4, length: 6, old: 6n, teid: 0x400n, access: 0, operand: 0 },
    ],
    ['addressing', () => cpu.setGr(9, 1n << 40n), 'l %r1,0(%r9)', { code: 5, length: 4, old: 4n }],
    ['specification', () => {}, 'dr %r1,%r2', { code: 6, length: 2, old: 2n }],
    ['data', () => {}, 'cgit %r1,0,8', { code: 7, length: 6, old: 6n, dxc: 0xff }],
    [
      'fixed-point overflow',
      () => cpu.setPsw(MODE | PSW.fixedPointOverflow),
      'lhi %r1,1\n sll %r1,30\n ar %r1,%r1',
      { code: 8, length: 2, old: 10n },
    ],
    ['fixed-point divide', () => {}, 'dr %r2,%r4', { code: 9, length: 2, old: 2n }],
    [
      'segment translation',
      () => {
        translate();
        cpu.setGr(9, 0x30_0000n);
      },
      'nopr\n mvc 0(4,%r10),8(%r9)',
      { code: 0x10, length: 6, old: 2n, teid: 0x30_0800n, access: 9, operand: 0 },
    ],
    [
      'page translation of a store',
      () => translate(),
      'nopr\n sth %r1,0x123(%r11)',
      { code: 0x11, length: 4, old: 2n, teid: OTHER | 0x400n, access: 11, operand: 0 },
    ],
    [
      'page translation of MOVE PAGE',
      () => translate(),
      'lghi %r0,0\n mvpg %r10,%r11',
      { code: 0x11, length: 4, old: 4n, teid: OTHER | 0x800n, access: 11, operand: 0xab },
    ],
    [
      'page translation of an instruction',
      () => translate(),
      'br %r11',
      { code: 0x11, length: 2, old: OTHER - CODE, teid: OTHER | 0x800n, access: 0, operand: 0 },
    ],
    [
      'ASCE type',
      () => {
        translate();
        cpu.setGr(9, 1n << 40n);
      },
      'tm 0(%r9),1',
      { code: 0x38, length: 4, old: 0n, teid: (1n << 40n) | 0x800n, access: 9, operand: 0 },
    ],
    [
      'ALET specification',
      () => {
        translate(1n << 46n);
        cpu.setWord(mmuLayout.accessRegisters + 4 * 10, 7);
      },
      'l %r1,0(%r10)',
      { code: 0x28, length: 4, old: 0n, access: 10 },
    ],
    [
      'monitor event',
      () => cpu.setControl(8, 0x8000n >> 5n),
      'mc 0x777,5',
      { code: 0x40, length: 4, old: 4n, monitor: [5, 0x777n] },
    ],
  ])('of kind %s stores what belongs to it', (_, prepare, source, expected) => {
    prepare();
    untouched();
    const before = cpu.psw;
    expect(cpu.run(source)).toMatchObject({ ...ENDED, nextAddress: PROGRAM_HANDLER + 4n });
    const { monitor = [0xffff, (1n << 64n) - 1n] } = expected;
    expect(stored()).toEqual({ ...UNTOUCHED, ...expected, monitor });
    expect(cpu.get(BigInt(Lowcore.programOldPsw)) & ~PSW.conditionCode).toBe(before);
    expect(cpu.psw).toBe(MODE);
    expect(count(cpuLayout.programInterruptions)).toBe(1);
  });

  it('stores the condition code and the breaking-event address', () => {
    cpu.run('ltgr %r10,%r10\n j end\n .short 0,0\nend: .short 0');
    expect(cpu.get(BigInt(Lowcore.programOldPsw)) & PSW.conditionCode).toBe(2n << 44n);
    expect(cpu.get(BigInt(Lowcore.breakingEvent))).toBe(CODE + 4n);
  });

  it('is returned from', () => {
    // The handler skips the instruction.
    cpu.setBytes(PROGRAM_HANDLER, [0xb2, 0xb2, 0x01, 0x50]);
    const handler = cpu.run('lghi %r3,5\n cgit %r3,5,8\n aghi %r3,1\n servc %r0,%r0');
    expect(handler).toMatchObject(ENDED);
    expect(cpu.gr(3)).toBe(6n);
  });

  it.each([
    ['operation exceptions', InterceptionControl.operationException, '.short 0', Exit.program],
    ['operation exceptions only', InterceptionControl.operationException, 'dr %r1,%r2', Exit.intercept],
    ['program interruptions', InterceptionControl.programInterruption, '.short 0', Exit.program],
    ['program interruptions', InterceptionControl.programInterruption, 'dr %r1,%r2', Exit.program],
  ])('is left to the hypervisor where that intercepts %s', (_, control, source, exit) => {
    setState(StateDescription.ictl, control);
    untouched();
    expect(cpu.run(source).exit).toBe(exit);
    if (exit === Exit.program) expect(stored()).toMatchObject({ code: 0xffff, length: 0xffff });
  });

  it('is left to the engine when the new PSW is not valid', () => {
    cpu.put(BigInt(Lowcore.programNewPsw), PSW.extendedAddressing, PROGRAM_HANDLER);
    untouched();
    expect(cpu.run('.short 0')).toMatchObject({ exit: Exit.program, code: 1, nextAddress: CODE + 2n });
    expect(stored()).toMatchObject({ code: 0xffff, length: 0xffff });
  });

  it('is left to the engine where the prefix area has translated code', () => {
    cpu.storage.codeFrames.protect(1);
    untouched();
    expect(cpu.run('.short 0')).toMatchObject({ exit: Exit.program, code: 1 });
    expect(stored()).toMatchObject({ code: 0xffff });
  });

  it('that leads to the next one for ever uses up the slice', () => {
    cpu.setBytes(PROGRAM_HANDLER, [0, 0]);
    cpu.setDoubleword(cpuLayout.nextAddress, PROGRAM_HANDLER);
    expect(cpu.exports.run(cpu.cpu, 1000)).toBe(Exit.slice);
    const interruptions = count(cpuLayout.programInterruptions);
    if (!cpu.code) expect(interruptions).toBeGreaterThan(100);
    expect(interruptions).toBeLessThanOrEqual(1000);
  });

  it('is told by a run of one instruction', () => {
    cpu.stepping = true;
    expect(cpu.run('.short 0')).toMatchObject({ exit: Exit.program, code: 1 });
  });
});

describe('a supervisor call', () => {
  it('stores its code and length', () => {
    expect(cpu.run('svc 0x42')).toMatchObject({ ...ENDED, nextAddress: SVC_HANDLER + 4n });
    expect([get(Lowcore.svcCode, 2), get(Lowcore.svcLength, 2)]).toEqual([0x42, 2]);
    expect([cpu.get(BigInt(Lowcore.svcOldPsw)), cpu.get(BigInt(Lowcore.svcOldPsw + 8))]).toEqual([
      MODE,
      CODE + 2n,
    ]);
    expect(count(cpuLayout.supervisorCalls)).toBe(1);
  });

  it('by way of EXECUTE has the length of that', () => {
    cpu.setGr(1, 0x17n);
    cpu.run('exrl %r1,call\ncall: svc 0x40');
    expect([get(Lowcore.svcCode, 2), get(Lowcore.svcLength, 2)]).toEqual([0x57, 6]);
  });

  it('is returned from', () => {
    cpu.setBytes(SVC_HANDLER, [0xb2, 0xb2, 0x01, 0x40]);
    cpu.setGr(3, 50n);
    expect(cpu.run('again: aghi %r4,3\n svc 1\n brctg %r3,again\n servc %r0,%r0')).toMatchObject(ENDED);
    expect([cpu.gr(4), count(cpuLayout.supervisorCalls)]).toEqual([150n, 50]);
  });

  it('whose new PSW is not valid is followed by a specification exception without a length', () => {
    cpu.put(BigInt(Lowcore.svcNewPsw), MODE | 1n, SVC_HANDLER);
    untouched();
    expect(cpu.run('svc 1')).toMatchObject({ exit: Exit.program, code: 6 });
    expect(get(Lowcore.svcCode, 2)).toBe(1);
    expect(cpu.word(cpuLayout.length)).toBe(0);
  });

  it.each([
    ['waits', PSW.wait, 0, 0, true],
    ['has PER on', PSW.per, 0, 0, true],
    ['opens a mask for nothing', PSW.external, 0, 0, false],
    ['opens a mask for a timer', PSW.external, 0, 1, true],
    ['opens a mask for I/O', PSW.io, CpuFlag.ioRequest, 0, true],
    ['opens no mask', 0n, CpuFlag.ioRequest, 1, false],
  ])('comes back where the new PSW %s', (_, mask, flags, attention, back) => {
    cpu.put(BigInt(Lowcore.svcNewPsw), MODE | mask, SVC_HANDLER);
    setState(StateDescription.cpuFlags, flags);
    cpu.setWord(cpuLayout.attention, attention);
    const { exit, nextAddress } = cpu.run('svc 1');
    expect([exit, nextAddress]).toEqual(
      back ? [Exit.check, SVC_HANDLER] : [Exit.intercept, SVC_HANDLER + 4n],
    );
  });

  it('is told where that is asked for', () => {
    cpu.setWord(cpuLayout.delivery, Delivery.outside);
    expect(cpu.run('svc 9')).toMatchObject({ exit: Exit.supervisorCall, nextAddress: CODE + 2n });
    expect(cpu.word(cpuLayout.svcCode)).toBe(9);
  });
});
