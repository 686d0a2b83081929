import { CR0, CR14, Lowcore, MachineCheck, PSW, StateDescription as SD } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { BITS64, CODE, type TestVcpu, testVcpu } from './test-vcpu.ts';

const EXTERNAL_HANDLER = 0x2_2000n;
const IO_HANDLER = 0x2_3000n;
const CHECK_HANDLER = 0x2_4000n;
const CALL = 'diag %r0,%r0,0x500';

function guest(source: string, masks = 0n): TestVcpu {
  const test = testVcpu(`${source}\n${CALL}\n .align 8\ndata: .quad 0xff000000\n`);
  const { state } = test.vcpu;
  state.psw = { mask: BITS64 | masks, address: CODE };
  const area = state.lowcore();
  for (const [location, address] of [
    [Lowcore.externalNewPsw, EXTERNAL_HANDLER],
    [Lowcore.ioNewPsw, IO_HANDLER],
    [Lowcore.machineCheckNewPsw, CHECK_HANDLER],
  ] as const) {
    area.setU64(location, BITS64);
    area.setU64(location + 8, address);
    test.vm.load(Number(address), Uint8Array.of(0x83, 0, 0x05, 0));
  }
  return test;
}

describe('an I/O interruption', () => {
  it.each([
    [0x80, 0x80, 0x80],
    [0x81, 0x01, 0x01],
    [0x18, 0xff, 0x18],
    [0x10, 0xef, undefined],
    [0, 0xff, undefined],
  ])('with subclasses %i pending and %i enabled is of %s', (pending, enabled, subclasses) => {
    const { vm, vcpu } = guest('', PSW.io);
    vm.floating.ioCell.or(pending);
    vcpu.state.setControl(6, BigInt(enabled) << 24n);
    const exit = vcpu.run();
    if (subclasses === undefined) expect(exit.reason).toBe('diagnose');
    else expect(exit).toEqual({ reason: 'ioInterruption', subclasses });
  });

  it.each([
    ['STORE THEN OR SYSTEM MASK', 'lghi %r1,1\n stosm 0(%r0),2', 0x40n],
    ['LOAD CONTROL', 'larl %r1,data\n lctlg 6,6,0(%r1)', 0n],
    ['LOAD CONTROL of several', 'larl %r1,data\n lctl 5,6,0(%r1)', 0n],
  ])('comes as soon as %s enables the CPU for it', (_, source) => {
    const opensPsw = source.includes('stosm');
    const { vm, vcpu } = guest(`${source}\nnext: ${CALL}`, opensPsw ? 0n : PSW.io);
    const program = guest(`${source}\nnext: ${CALL}`);
    vcpu.state.setControl(6, opensPsw ? 0xff00_0000n : 0n);
    if (source.includes('lctl 5')) vm.load(Number(program.at('data')), Uint8Array.of(0, 0, 0, 0, 0xff));
    vm.floating.ioCell.or(0x10);
    expect(vcpu.run()).toEqual({ reason: 'ioInterruption', subclasses: 0x10 });
    expect(vcpu.state.psw.address).toBe(program.at('next'));
  });

  it('stores its code, exchanges PSWs and is told to an observer', () => {
    const seen: string[] = [];
    const observer = {
      everyInstruction: false,
      before: () => {},
      after: () => {},
      interruption: (kind: string, code: number) => seen.push(`${kind} ${code}`),
    };
    const { vm, vcpu } = testVcpu(CALL, observer);
    const { state } = vcpu;
    state.psw = { mask: BITS64 | PSW.io, address: CODE };
    state.setControl(6, 0xff00_0000n);
    state.lowcore().setU64(Lowcore.ioNewPsw, BITS64);
    state.lowcore().setU64(Lowcore.ioNewPsw + 8, IO_HANDLER);
    vm.load(Number(IO_HANDLER), Uint8Array.of(0x83, 0, 0x05, 0));
    vm.floating.ioCell.or(0x10);
    expect(vcpu.run().reason).toBe('ioInterruption');
    state.injectIo(Uint8Array.of(0, 1, 0, 5, 1, 2, 3, 4, 0x18, 0, 0, 0));
    vm.floating.ioCell.and(0);
    expect(vcpu.run().reason).toBe('diagnose');
    const area = state.lowcore();
    expect([area.u32(0xb8), area.u32(0xbc), area.u32(0xc0)]).toEqual([0x1_0005, 0x0102_0304, 0x1800_0000]);
    expect(area.u64(Lowcore.ioOldPsw + 8)).toBe(CODE);
    expect(seen).toEqual(['io 5']);
  });

  it.each([
    ['of adapters is presented at once', 0, 0x10, '000000000000000098000000', 'diagnose', 0],
    ['of a lower subclass comes first', 0x08, 0x10, '000000000000000098000000', 'ioInterruption', 0],
    ['of a subchannel of the same subclass comes first', 0x10, 0x10, '', 'ioInterruption', 0x10],
  ])('%s', (_, subchannels, adapters, code, reason, left) => {
    const { vm, vcpu } = guest('', PSW.io);
    const { state } = vcpu;
    state.setControl(6, 0xff00_0000n);
    if (subchannels) state.lowcore().setU64(Lowcore.ioNewPsw, BITS64 | PSW.io);
    state.lowcore().fill(0xff, 0xb8, 12);
    vm.floating.ioCell.or(subchannels);
    vm.floating.adapterCell.or(adapters);
    expect(vcpu.run().reason).toBe(reason);
    expect(state.lowcore().bytes(0xb8, 12).toHex()).toBe(code || 'ff'.repeat(12));
    expect(vm.floating.adapterSubclasses).toBe(left);
  });

  it('ends an enabled wait', () => {
    const { vm, vcpu } = guest('', PSW.io | PSW.wait);
    vcpu.state.setControl(6, 0x8000_0000n);
    expect(vcpu.run()).toEqual({ reason: 'idle', milliseconds: undefined });
    vm.floating.ioCell.or(0x80);
    vm.kickAll();
    expect(vcpu.run()).toEqual({ reason: 'ioInterruption', subclasses: 0x80 });
  });

  it.each([
    ['not enabled for I/O', 0n, 'diagnose'],
    ['enabled for I/O', PSW.io, 'ioInterruption'],
  ])('follows an external one whose new PSW is %s', (_, masks, reason) => {
    const { vm, vcpu } = guest('', PSW.io | PSW.external);
    const { state } = vcpu;
    state.setControl(6, 0xff00_0000n);
    state.setControl(0, CR0.serviceSignal);
    state.lowcore().setU64(Lowcore.externalNewPsw, BITS64 | masks);
    vm.floating.ioCell.or(0x80);
    vm.raiseServiceSignal(8);
    expect(vcpu.run().reason).toBe(reason);
    const executed = reason === 'diagnose' ? 4n : 0n;
    expect(state.psw.address).toBe(EXTERNAL_HANDLER + executed);
    expect(state.lowcore().u32(Lowcore.externalParameter)).toBe(8);
  });

  it('follows a clock comparator that is due', () => {
    const { vm, vcpu } = guest('', PSW.io | PSW.external);
    const { state } = vcpu;
    state.setControl(6, 0xff00_0000n);
    state.setControl(0, CR0.clockComparator);
    vm.floating.ioCell.or(0x80);
    expect(vcpu.run().reason).toBe('diagnose');
    expect(state.lowcore().u16(Lowcore.externalCode)).toBe(0x1004);
  });
});

describe('a channel report', () => {
  it('interrupts with the machine-check code, the registers and no logout', () => {
    const { vm, vcpu } = guest('', PSW.machineCheck);
    const { state } = vcpu;
    state.setControl(14, CR14.channelReport);
    state.setGr(3, 0x1234n);
    state.block.setAr(4, 5);
    state.lowcore().setU64(Lowcore.storeStatusPsw, 7n);
    vm.raiseChannelReport();
    expect(vcpu.run().reason).toBe('diagnose');
    expect(state.psw.address).toBe(CHECK_HANDLER + 4n);
    const area = state.lowcore();
    expect(area.u64(Lowcore.machineCheckCode)).toBe(0x0040_0f1d_4033_0000n);
    expect(area.u64(Lowcore.machineCheckCode) & MachineCheck.channelReportPending).not.toBe(0n);
    expect(area.u64(Lowcore.storeStatusGr + 24)).toBe(0x1234n);
    expect(area.u32(Lowcore.storeStatusAr + 16)).toBe(5);
    expect(area.u64(Lowcore.storeStatusCr + 8 * 14)).toBe(CR14.channelReport);
    expect(area.u64(Lowcore.storeStatusPsw)).toBe(0n);
    expect([area.u64(Lowcore.machineCheckOldPsw + 8), vm.floating.pending]).toEqual([CODE, 0]);
  });

  it.each([
    ['LOAD PSW EXTENDED', 'larl %r1,psw\n lpswe 0(%r1)', 0n, CR14.channelReport],
    ['LOAD PSW', 'larl %r1,short\n lpsw 0(%r1)', 0n, CR14.channelReport],
    ['LOAD CONTROL', 'larl %r1,mask\n lctlg 14,14,0(%r1)', PSW.machineCheck, 0n],
    [
      'LOAD CONTROL, then LOAD PSW',
      'larl %r1,mask\n lctlg 14,14,0(%r1)\n larl %r1,psw\n lpswe 0(%r1)',
      0n,
      0n,
    ],
  ])('comes as soon as %s enables the CPU for it', (_, source, masks, subclasses) => {
    const data = [
      'nop: .quad 0',
      `psw: .quad ${BITS64 | PSW.machineCheck}, ${CODE + 0x100n}`,
      `short: .quad ${PSW.shortFormat | PSW.machineCheck | BITS64 | (CODE + 0x100n)}`,
      `mask: .quad ${CR14.channelReport}`,
    ].join('\n');
    const { vm, vcpu } = guest(`${source}\nnext: ${CALL}\n .align 8\n${data}`, masks);
    const { state } = vcpu;
    state.setControl(14, subclasses);
    vm.raiseChannelReport();
    expect(vcpu.run().reason).toBe('diagnose');
    expect(state.psw.address).toBe(CHECK_HANDLER + 4n);
    expect(state.sd.u32(SD.ictl)).toBe(0);
  });

  it('waits while its subclass is masked', () => {
    const { vm, vcpu } = guest('', PSW.machineCheck);
    vcpu.state.setControl(14, 0n);
    vm.raiseChannelReport();
    expect(vcpu.run().reason).toBe('diagnose');
    expect(vcpu.state.psw.address).toBe(CODE + 4n);
    expect(vm.floating.takeChannelReport()).toBe(true);
    expect(vm.floating.takeChannelReport()).toBe(false);
  });
});

describe('an intercepted LOAD PSW', () => {
  it.each([
    ['a wrong boundary', 'lpswe 4(%r1)', 6],
    ['an address outside storage', 'lpswe 0(%r2)', 5],
    ['a PSW of the long format', 'lpsw 0(%r1)', 6],
  ])('with %s causes a program interruption', (_, instruction, code) => {
    const { vm, vcpu } = guest(`larl %r1,data\n llilh %r2,0x7000\n ${instruction}`);
    vm.load(0x2_0000, Uint8Array.of(0x83, 0, 0x05, 0));
    vm.raiseChannelReport();
    vcpu.state.setControl(14, CR14.channelReport);
    expect(vcpu.run().reason).toBe('diagnose');
    expect(vcpu.state.lowcore().u16(Lowcore.programCode)).toBe(code);
  });
});
