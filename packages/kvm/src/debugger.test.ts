import { describe, expect, it } from 'vitest';
import type { WatchKind } from './debugger.ts';
import { CODE, testVcpu } from './test-vcpu.ts';

const LOOP = `
start: lghi %r1,0
loop:  aghi %r1,1
       larl %r2,data
       stg %r1,0(%r2)
       lg %r3,0(%r2)
       brasl %r14,func
       brc 15,loop
func:  lgr %r4,%r1
       bcr 15,%r14
       .align 8
data:  .quad 0
`;

describe('a single step', () => {
  it('executes one instruction', () => {
    const { vcpu, at } = testVcpu(LOOP);
    expect(vcpu.run(true)).toEqual({ reason: 'debug', event: { kind: 'step' } });
    expect(vcpu.state.psw.address).toBe(at('loop'));
    vcpu.run(true);
    expect(vcpu.state.gr(1)).toBe(1n);
  });

  it('ends at the handler of the interruption that the instruction causes', () => {
    const { vcpu } = testVcpu('svc 7');
    expect(vcpu.run(true)).toEqual({ reason: 'debug', event: { kind: 'step' } });
    expect(vcpu.state.psw.address).toBe(0x2_1000n);
  });

  it('comes back with the exit of an instruction that is for the machine', () => {
    const { vcpu } = testVcpu('diag %r0,%r0,0x500');
    expect(vcpu.run(true).reason).toBe('diagnose');
  });
});

describe('a breakpoint', () => {
  it('stops before its instruction, each time and again when nothing was executed', () => {
    const { vcpu, at } = testVcpu(LOOP);
    const breakpoint = at('func');
    vcpu.debugger.settings = { breakpoints: [breakpoint], watchpoints: [] };
    const stop = { reason: 'debug', event: { kind: 'breakpoint', address: breakpoint } };
    expect(vcpu.run()).toEqual(stop);
    expect([vcpu.state.psw.address, vcpu.state.gr(1), vcpu.state.gr(4)]).toEqual([breakpoint, 1n, 0n]);
    expect(vcpu.run()).toEqual(stop);
    expect(vcpu.run(true)).toEqual({ reason: 'debug', event: { kind: 'step' } });
    expect(vcpu.run()).toEqual(stop);
    expect(vcpu.state.gr(1)).toBe(2n);
  });

  it('leaves guest storage as it is', () => {
    const { vcpu, vm, at } = testVcpu(LOOP);
    vcpu.debugger.settings = { breakpoints: [at('func')], watchpoints: [] };
    vcpu.run();
    expect(vm.storage.view(Number(at('func')) as never, 4)?.u32(0)).toBe(0xb904_0041);
  });

  it('costs no single steps once it is removed', () => {
    const { vcpu, at } = testVcpu(`${LOOP}`);
    vcpu.debugger.settings = { breakpoints: [at('func')], watchpoints: [] };
    vcpu.run();
    vcpu.debugger.settings = { breakpoints: [], watchpoints: [] };
    const { steps } = vcpu.engine.counters;
    vcpu.state.place.local.requestExit();
    expect(vcpu.run().reason).toBe('interrupted');
    expect(vcpu.engine.counters.steps).toBe(steps);
  });
});

describe('a watchpoint', () => {
  const DATA = `larl %r2,data
  lg %r3,0(%r2)
  mvi 3(%r2),5
  mvc 8(4,%r2),0(%r2)
  stg %r3,4092(%r2)
  diag %r0,%r0,0x500
  .align 8
data: .quad 0`;

  it.each<[WatchKind, number, number, number, string]>([
    ['read', 0, 8, 1, 'a load'],
    ['write', 0, 8, 2, 'a store into the middle'],
    ['access', 4, 4, 1, 'the end of a doubleword load'],
    ['read', 2, 1, 1, 'one byte of it'],
    ['write', 11, 1, 3, 'the last byte of a move'],
    ['write', 12, 1, 99, 'the byte after a move'],
    ['write', 4096, 4, 4, 'the second page of a store that crosses'],
    ['read', 4096, 4, 99, 'no load'],
  ])('for %s at data+%i, %i bytes, stops after instruction %i: %s', (kind, offset, length, count) => {
    const { vcpu, at } = testVcpu(DATA);
    const address = at('data') + BigInt(offset);
    vcpu.debugger.settings = { breakpoints: [], watchpoints: [{ address, length, kind }] };
    const exit = vcpu.run();
    if (count === 99) {
      expect(exit.reason).toBe('diagnose');
      return;
    }
    expect(exit).toEqual({ reason: 'debug', event: { kind: 'watchpoint', address, watch: kind } });
    const starts = [CODE, CODE + 6n, CODE + 12n, CODE + 16n, CODE + 22n, CODE + 28n];
    expect(vcpu.state.psw.address).toBe(starts[count + 1]);
  });
});
