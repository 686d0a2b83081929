/** Program-event recording, as a guest sees it (Principles of Operation, chapter 4). */
import { Lowcore, PSW } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { BITS64, CODE, PROGRAM_HANDLER, SVC_HANDLER, type TestVcpu, testVcpu } from './test-vcpu.ts';

const Event = {
  branch: 0x8000_0000n,
  fetch: 0x4000_0000n,
  store: 0x2000_0000n,
  storeReal: 0x0800_0000n,
  nullification: 0x0100_0000n,
  branchAddress: 0x0080_0000n,
};

interface Recording {
  readonly controls: bigint;
  readonly start?: bigint;
  readonly end?: bigint;
}

/** Runs to the first program interruption with PER on, and gives what it stored. */
function record(test: TestVcpu, { controls, start = 0n, end = 0xffff_ffff_ffff_ffffn }: Recording) {
  const { vcpu } = test;
  const { state } = vcpu;
  state.setControl(9, controls);
  state.setControl(10, start);
  state.setControl(11, end);
  state.psw = { mask: BITS64 | PSW.per, address: CODE };
  vcpu.debugger.settings = { breakpoints: [PROGRAM_HANDLER], watchpoints: [] };
  const exit = vcpu.run();
  if (exit.reason !== 'debug') return { exit: exit.reason };
  const area = state.lowcore();
  return {
    code: area.u16(Lowcore.programCode),
    length: area.u16(Lowcore.programLength),
    per: area.u8(Lowcore.perCode),
    atmid: area.u8(Lowcore.perAtmid),
    address: area.u64(Lowcore.perAddress) - CODE,
    old: area.u64(Lowcore.programOldPsw + 8) - CODE,
  };
}

const END = '\n diag %r0,%r0,0x500\n .align 8\ndata: .quad 0';
const none = { exit: 'diagnose' };

describe('PER', () => {
  it.each<[string, string, Recording, object]>([
    [
      'an instruction is fetched',
      'lghi %r1,7',
      { controls: Event.fetch },
      { code: 0x80, per: 0x40, address: 0n, old: 4n, length: 4, atmid: 0xe0 },
    ],
    [
      'the range starts later',
      'lghi %r1,7\n lgr %r1,%r2',
      { controls: Event.fetch, start: CODE + 4n },
      { per: 0x40, address: 4n, old: 8n },
    ],
    [
      'the range wraps',
      'lghi %r1,7\n lgr %r1,%r2',
      { controls: Event.fetch, start: CODE + 4n, end: CODE - 1n },
      { per: 0x40, address: 4n },
    ],
    [
      'a branch succeeds',
      'brc 0,0\n brc 15,target\n lgr %r1,%r2\ntarget: lgr %r2,%r3',
      { controls: Event.branch },
      { per: 0x80, address: 4n, old: 12n },
    ],
    [
      'a branch goes out of the range',
      'brc 15,target\ntarget: lgr %r2,%r3',
      { controls: Event.branch | Event.branchAddress, end: CODE },
      none,
    ],
    [
      'bytes are stored',
      'larl %r2,data\n lg %r1,0(%r2)\n stg %r1,0(%r2)',
      { controls: Event.store },
      { code: 0x80, per: 0x20, address: 12n, old: 18n, length: 6 },
    ],
    [
      'bytes are stored outside the range',
      'larl %r2,data\n stg %r1,0(%r2)',
      { controls: Event.store, end: CODE },
      none,
    ],
    [
      'bytes are stored by real address',
      'lghi %r3,0x4000\n sturg %r1,%r3',
      { controls: Event.store | Event.storeReal },
      { per: 0x08, address: 4n },
    ],
    [
      'two events meet',
      'brc 15,target\ntarget: lgr %r2,%r3',
      { controls: Event.branch | Event.fetch },
      { per: 0xc0, old: 4n },
    ],
    [
      'the instruction is in error',
      'lghi %r3,1\n lpsw 4',
      { controls: Event.fetch, start: CODE + 4n },
      { code: 0x86, per: 0x40, address: 4n, old: 8n },
    ],
    [
      'EXECUTE names the instruction',
      'exrl %r0,target\n brc 15,over\ntarget: lgr %r2,%r3\nover: lgr %r1,%r1',
      { controls: Event.fetch },
      { per: 0x40, address: 0n, old: 6n, length: 6 },
    ],
    [
      'the fetch is to be nullified',
      'lghi %r1,7',
      { controls: Event.fetch | Event.nullification },
      { code: 0x80, per: 0x41, address: 0n, old: 0n },
    ],
    ['no event is selected', 'lghi %r1,7', { controls: 0n }, none],
  ])('when %s', (_, source, recording, expected) => {
    expect(record(testVcpu(source + END), recording)).toMatchObject(expected);
  });

  it('is off without its PSW bit', () => {
    const { vcpu } = testVcpu(`lghi %r1,7${END}`);
    vcpu.state.setControl(9, Event.fetch);
    vcpu.state.setControl(11, -1n);
    expect(vcpu.run().reason).toBe('diagnose');
  });

  it('begins with the instruction after the one that turns it on, in the loop of frequent instructions', () => {
    const test = testVcpu(`lghi %r1,0\n stosm 0x800,0x40\n lghi %r1,1\n lghi %r1,2${END}`);
    const { state } = test.vcpu;
    state.setControl(9, Event.fetch);
    state.setControl(11, 0xffff_ffff_ffff_ffffn);
    // DIAGNOSE
    test.vm.load(Number(PROGRAM_HANDLER), Uint8Array.of(0x83, 0, 0x05, 0));
    expect(test.vcpu.run().reason).toBe('diagnose');
    expect(state.gr(1)).toBe(1n);
    expect(state.lowcore().u64(Lowcore.perAddress)).toBe(CODE + 8n);
  });

  it('follows a supervisor call, whose interruption comes first', () => {
    expect(record(testVcpu(`svc 1${END}`), { controls: Event.fetch })).toMatchObject({
      code: 0x80,
      address: 0n,
      old: SVC_HANDLER - CODE,
    });
  });

  it('waits for an instruction that the hypervisor completes', () => {
    const result = record(testVcpu(`stidp 0x800${END}`), { controls: Event.fetch });
    expect(result).toMatchObject({ code: 0x80, per: 0x40, address: 0n, old: 4n });
  });

  it('joins the program interruption of an instruction that the hypervisor finds in error', () => {
    const result = record(testVcpu(`stidp 0x801${END}`), { controls: Event.fetch });
    expect(result).toMatchObject({ code: 0x86, per: 0x40, address: 0n, old: 4n });
  });
});
