import { absolute, CpuState, CR6, PSW } from '@zarch/arch';
import { Vcpu, Vm } from '@zarch/kvm';
import { EchoDevice } from '@zarch/virtio/testing';
import { describe, expect, it } from 'vitest';
import { cpuModel, Machine } from './index.ts';
import { sharedIndicators } from './shared-indicators.ts';

const BITS64 = 0x1_8000_0000n;
const CODE = 0x1_0000;
const SUBCHANNEL = 0x1_0000n;

function build() {
  const model = cpuModel('z14');
  if (!model) throw new Error('no model');
  const options = { memorySize: 16 << 20, cpus: 1, maximumCpus: 1, model };
  const machine = new Machine(options, new Vm(options));
  const vcpu = new Vcpu(machine.vm, 0, { clock: () => 1n << 60n });
  machine.addCpu(vcpu.state);
  const echo = new EchoDevice();
  const attached = machine.virtio.attach(echo);
  if (!attached.ok) throw new Error(attached.message);
  return { machine, vcpu, echo, attached };
}

describe('a virtio device', () => {
  it.each([
    ['the first free number', undefined, 'fe.0.1'],
    ['the number that is asked for', { cssid: 0xfe, ssid: 1, deviceNumber: 0x1234 }, 'fe.1.1234'],
  ])('has %s', (_, address, expected) => {
    const result = build().machine.virtio.attach(new EchoDevice(), { address });
    const at = result.ok ? result.address : undefined;
    expect(`${at?.cssid.toString(16)}.${at?.ssid}.${at?.deviceNumber.toString(16)}`).toBe(expected);
  });

  it('cannot have the number of another one', () => {
    const { machine, attached } = build();
    const result = machine.virtio.attach(new EchoDevice(), { address: attached.address });
    expect(result).toEqual({ ok: false, message: 'device number fe.0.0000 is already in use' });
  });
});

describe('a device that comes and goes while the guest runs', () => {
  it('is told of by channel reports', () => {
    const { machine } = build();
    const address = { cssid: 0xfe, ssid: 0, deviceNumber: 0x100 };
    expect(machine.vm.floating.takeChannelReport()).toBe(false);
    expect(machine.virtio.plug(new EchoDevice(), { address }).ok).toBe(true);
    expect(machine.vm.floating.takeChannelReport()).toBe(true);
    const report = machine.css.stcrw();
    expect(report.kind === 'cc' && report.data?.toHex()).toBe('03040001');
    expect([machine.virtio.unplug(address), machine.virtio.unplug(address)]).toEqual([true, false]);
    expect(machine.vm.floating.takeChannelReport()).toBe(true);
    expect(machine.virtio.all.length).toBe(1);
  });
});

describe('the hypercall for notifications', () => {
  it.each([
    ['of a queue', 3n, SUBCHANNEL, 0n, 0n],
    ['of a queue that does not exist', 3n, SUBCHANNEL, 1n, -22n],
    ['of a queue beyond all numbers', 3n, SUBCHANNEL, 1n << 40n, -22n],
    ['of a subchannel that does not exist', 3n, SUBCHANNEL + 1n, 0n, -22n],
    ['of no subchannel at all', 3n, 0n, 0n, -22n],
    ['that is another one', 2n, SUBCHANNEL, 0n, -22n],
  ])('%s answers as Linux expects', (_, code, subchannel, queue, answer) => {
    const { machine, vcpu } = build();
    const { state } = vcpu;
    state.setGr(1, code);
    state.setGr(2, subchannel);
    state.setGr(3, queue);
    expect(machine.handle(state, { reason: 'diagnose', code: 0x500, r1: 2, r3: 4 })).toEqual({
      kind: 'resume',
    });
    expect(BigInt.asIntN(64, state.gr(2))).toBe(answer);
  });
});

describe('a notification without an exit', () => {
  it('is served like the first one, which had an exit', () => {
    const { machine, vcpu, echo } = build();
    const event = { subsystem: Number(SUBCHANNEL), queue: 0 };
    expect(machine.vm.ioEvents.signal(event, 0n)).toBe(undefined);
    vcpu.state.setGr(1, 3n);
    vcpu.state.setGr(2, SUBCHANNEL);
    machine.handle(vcpu.state, { reason: 'diagnose', code: 0x500, r1: 2, r3: 4 });
    expect(machine.vm.ioEvents.signal(event, 0n)).toEqual({ cookie: 0, tell: true });
    const served: number[] = [];
    echo.serve = (queue) => served.push(queue);
    const queue = {
      size: 16,
      descriptors: absolute(0x10000),
      driver: absolute(0x11000),
      device: absolute(0x12000),
    };
    machine.virtio.all[0]?.device.enableQueue(0, queue);
    machine.virtio.serveEvents();
    machine.virtio.serveEvents();
    expect(served).toEqual([0]);
  });
});

describe('indicators', () => {
  it('are set in guest storage, and not outside', () => {
    const { vm } = build().machine;
    const indicators = sharedIndicators(vm);
    expect([indicators.setBits(0x2001, 0x81), indicators.setBits(0x2001, 0x02)]).toEqual([0, 0x81]);
    expect(vm.storage.view(absolute(0x2000), 4)?.u32(0)).toBe(0x0083_0000);
    expect(indicators.setBits(vm.storage.size, 1)).toBe(undefined);
  });
});

describe('an adapter interruption', () => {
  it('reaches the CPU that is enabled for its subclass', () => {
    const { machine, vcpu } = build();
    const { state } = vcpu;
    // A DIAGNOSE at the I/O new PSW's address shows that it was taken.
    machine.vm.load(CODE, Uint8Array.of(0x83, 0, 0x05, 0));
    state.psw = { mask: BITS64 | PSW.io | PSW.wait, address: 0x2000n };
    state.setControl(6, CR6.ioSubclassMask);
    const area = state.lowcore();
    area.setU64(0x1f0, BITS64);
    area.setU64(0x1f8, BigInt(CODE));
    machine.vm.states.setState(0, CpuState.operating);
    expect(vcpu.run().reason).toBe('idle');
    machine.css.adapterInterruptions.register({ subclass: 3 }).raise();
    expect(vcpu.run().reason).toBe('diagnose');
    expect(machine.css.pendingSubclasses).toBe(0);
    expect([area.u32(0xb8), area.u32(0xc0), area.u64(0x178)]).toEqual([0, 0x9800_0000, 0x2000n]);
  });

  it('that another CPU has taken leaves this one running', () => {
    const { machine, vcpu } = build();
    const before = vcpu.state.psw;
    expect(machine.handle(vcpu.state, { reason: 'ioInterruption', subclasses: 0xff })).toEqual({
      kind: 'resume',
    });
    expect(vcpu.state.psw).toEqual(before);
  });
});
