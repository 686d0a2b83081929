import { absolute } from '@zarch/arch';
import { Vcpu, Vm } from '@zarch/kvm';
import { describe, expect, it } from 'vitest';
import { cpuModel, Machine } from './index.ts';

/** A Linux-like image whose code, from 0x10000, is given. */
function image(code: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(0x11000);
  bytes.set(code, 0x10000);
  bytes.set(new TextEncoder().encode('S390EP'), 0x10008);
  return bytes;
}

function build(code: readonly number[]) {
  const model = cpuModel('z14');
  if (!model) throw new Error('no model');
  const options = { memorySize: 16 << 20, cpus: 1, maximumCpus: 1, model };
  const machine = new Machine(options, new Vm(options));
  const vcpu = new Vcpu(machine.vm, 0, { clock: () => 1n << 60n });
  machine.addCpu(vcpu.state);
  expect(machine.ipl(vcpu.state, { kernel: image(code), commandLine: 'quiet' }).ok).toBe(true);
  return { machine, vcpu };
}

describe('IPL of a Linux image', () => {
  it('leaves command line and registers where the kernel looks for them', () => {
    const { machine, vcpu } = build([]);
    expect(machine.peek(0x10480, 6)).toEqual(new TextEncoder().encode('quiet\0'));
    expect(vcpu.state.psw).toEqual({ mask: 0x1_8000_0000n, address: 0x1_0000n });
    expect(vcpu.state.control(0)).toBe(0xe0n);
    expect(vcpu.state.control(14)).toBe(0xc200_0000n);
  });

  it.each([
    ['a wait for nothing', [0xb2, 0xb2, 0x00, 0x00], 'crash'],
    ['an end by SIGP STOP', [0xae, 0x00, 0x00, 0x05], 'shutdown'],
  ])('%s ends the machine', (_, code, kind) => {
    const { machine, vcpu } = build(code);
    // LPSWE loads the PSW at location 0: a wait with every mask off.
    machine.vm.load(0, Uint8Array.of(0x00, 0x02, 0x00, 0x01, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34));
    let outcome = machine.handle(vcpu.state, vcpu.run());
    while (outcome.kind === 'resume') outcome = machine.handle(vcpu.state, vcpu.run());
    expect(outcome.kind).toBe(kind);
  });
});

describe('IPL again', () => {
  it.each([
    [true, 0],
    [false, 42],
  ])('with clearing %s', (clear, left) => {
    const { machine, vcpu } = build([]);
    machine.vm.load(0x80_0000, Uint8Array.of(42));
    vcpu.state.setGr(5, 7n);
    expect(machine.reboot(vcpu.state, { clear }).ok).toBe(true);
    expect(machine.vm.storage.view(absolute(0x80_0000), 1)?.u8(0)).toBe(left);
    expect(vcpu.state.gr(5)).toBe(clear ? 0n : 7n);
    expect(vcpu.state.psw.address).toBe(0x1_0000n);
  });
});
