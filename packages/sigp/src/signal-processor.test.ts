import { CpuState, PSW, SigpOrder, SigpStatus } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { takesConditionalEmergency } from './conditional-emergency.ts';
import { CpuStates } from './cpu-states.ts';
import { type SignalEnvironment, type SignalResult, signalProcessor } from './signal-processor.ts';

const MIB = 0x10_0000;
const { stopped, operating, checkStop, load, notOperational } = CpuState;
const accepted = { cc: 0 };
const posted = { cc: 0, wake: true };
const busy = { cc: 2 };
const rejected = (status: number) => ({ cc: 1, status });

function machine(state: CpuState = operating, changes: Partial<SignalEnvironment> = {}) {
  const states = new CpuStates(new SharedArrayBuffer(CpuStates.size(40)), 0, 40);
  states.setState(0, operating);
  states.setState(1, state);
  const environment = {
    storageContains: (address: bigint, length: number) => address + BigInt(length) <= BigInt(MIB),
    takesConditionalEmergency: () => true,
    vector: false,
    guardedStorage: false,
    ...changes,
  };
  const signal = (order: number, parameter = 0n, target = 1, source = 0): SignalResult =>
    signalProcessor({ order, parameter, target, source }, states, environment);
  return { states, signal };
}

const names = Object.keys(SigpOrder) as (keyof typeof SigpOrder)[];

describe('the response to each order', () => {
  // What a CPU answers that operates, that is stopped, and that is in the check-stop state; and what is left.
  const rows: readonly [keyof typeof SigpOrder, object, object, boolean][] = [
    ['sense', accepted, rejected(SigpStatus.stopped), false],
    ['externalCall', posted, posted, false],
    ['emergencySignal', posted, posted, false],
    ['start', accepted, posted, false],
    ['stop', posted, accepted, false],
    ['restart', posted, posted, true],
    ['stopAndStoreStatus', posted, posted, true],
    ['initialCpuReset', posted, posted, true],
    ['cpuReset', posted, posted, true],
    ['setPrefix', rejected(SigpStatus.incorrectState), posted, true],
    ['storeStatusAtAddress', rejected(SigpStatus.incorrectState), posted, true],
    ['setArchitecture', rejected(SigpStatus.invalidParameter), rejected(SigpStatus.invalidParameter), false],
    ['conditionalEmergencySignal', posted, posted, false],
    ['senseRunningStatus', rejected(SigpStatus.notRunning), rejected(SigpStatus.notRunning), false],
    ['setMultithreading', rejected(SigpStatus.invalidOrder), rejected(SigpStatus.invalidOrder), false],
    ['storeAdditionalStatus', rejected(SigpStatus.invalidOrder), rejected(SigpStatus.invalidOrder), false],
  ];

  it('is in the table', () => {
    expect(rows.map(([name]) => name)).toEqual(names);
  });

  it.each(rows)('%s', (name, whenOperating, whenStopped, pends) => {
    expect(machine(operating).signal(SigpOrder[name])).toEqual(whenOperating);
    const { states, signal } = machine(stopped);
    expect(signal(SigpOrder[name])).toEqual(whenStopped);
    expect(states.pendingOrder(1)).toEqual(pends ? { order: SigpOrder[name], address: 0n } : undefined);
  });

  it.each(names)('%s of a CPU that is not there', (name) => {
    const result = name === 'setArchitecture' ? rejected(SigpStatus.invalidParameter) : { cc: 3 };
    for (const target of [2, 40, 0xffff])
      expect(machine().signal(SigpOrder[name], 0n, target)).toEqual(result);
  });

  it.each(names)('%s of a CPU in the check-stop state', (name) => {
    const known: Partial<Record<keyof typeof SigpOrder, object>> = {
      initialCpuReset: posted,
      cpuReset: posted,
      setArchitecture: rejected(SigpStatus.invalidParameter),
      setMultithreading: rejected(SigpStatus.invalidOrder),
    };
    expect(machine(checkStop).signal(SigpOrder[name])).toEqual(known[name] ?? rejected(SigpStatus.checkStop));
  });

  it.each(names)('%s of a CPU that an order waits for', (name) => {
    const { states, signal } = machine();
    expect(signal(SigpOrder.stop)).toEqual(posted);
    const known: Partial<Record<keyof typeof SigpOrder, object>> = {
      initialCpuReset: posted,
      cpuReset: posted,
      setArchitecture: rejected(SigpStatus.invalidParameter),
      setMultithreading: rejected(SigpStatus.invalidOrder),
    };
    expect(signal(SigpOrder[name])).toEqual(known[name] ?? busy);
    expect(states.pendingOrder(1)?.order).toBe(known[name] === posted ? SigpOrder[name] : SigpOrder.stop);
  });

  it('is busy to a reset that a reset waits for, and while the access path is in use', () => {
    const { states, signal } = machine();
    expect(signal(SigpOrder.cpuReset)).toEqual(posted);
    expect(signal(SigpOrder.initialCpuReset)).toEqual(busy);
    states.completeOrder(1, SigpOrder.cpuReset);
    expect(states.enterAccessPath(1)).toBe(true);
    expect(signal(SigpOrder.sense)).toEqual(busy);
    states.leaveAccessPath(1);
    expect(signal(SigpOrder.sense)).toEqual(rejected(SigpStatus.stopped));
  });

  it.each([0x00, 0x07, 0x08, 0x0a, 0x0f, 0x14, 0x18, 0xff])('%i is an invalid order', (order) => {
    expect(machine().signal(order)).toEqual(rejected(SigpStatus.invalidOrder));
    expect(machine().signal(order, 0n, 3)).toEqual({ cc: 3 });
  });
});

describe('orders that end in a state', () => {
  it.each([
    ['stop', operating, stopped],
    ['stop', load, stopped],
    ['stopAndStoreStatus', operating, stopped],
    ['stopAndStoreStatus', stopped, stopped],
    ['restart', stopped, operating],
    ['restart', operating, operating],
    ['cpuReset', operating, stopped],
    ['initialCpuReset', checkStop, stopped],
    ['setPrefix', stopped, stopped],
  ] as const)('%s in state %i leaves state %i once the CPU has carried it out', (name, before, after) => {
    const { states, signal } = machine(before);
    expect(signal(SigpOrder[name])).toEqual(posted);
    expect(states.state(1)).toBe(before);
    expect(signal(SigpOrder.sense)).toEqual(busy);
    states.completeOrder(1, SigpOrder[name]);
    expect([states.state(1), states.pendingOrder(1)]).toEqual([after, undefined]);
  });

  it('START operates a stopped CPU at once', () => {
    const { states, signal } = machine(stopped);
    expect(signal(SigpOrder.start)).toEqual(posted);
    expect(states.state(1)).toBe(operating);
    expect(signal(SigpOrder.sense)).toEqual(accepted);
  });

  it('a reset that comes while another order is carried out is not lost', () => {
    const { states, signal } = machine();
    signal(SigpOrder.stop);
    signal(SigpOrder.initialCpuReset);
    states.completeOrder(1, SigpOrder.stop);
    expect(states.pendingOrder(1)?.order).toBe(SigpOrder.initialCpuReset);
  });
});

describe('parameters', () => {
  const full = { vector: true, guardedStorage: true };
  const vector = { vector: true };
  const invalid = SigpStatus.invalidParameter;
  const { setPrefix, storeStatusAtAddress, storeAdditionalStatus } = SigpOrder;
  const rows: readonly [string, number, bigint, Partial<SignalEnvironment>, bigint | number][] = [
    ['a prefix', setPrefix, 0x2000n, {}, 0x2000n],
    ['a prefix with bits that are ignored', setPrefix, 0xffff_ffff_8000_3fffn, {}, 0x2000n],
    ['the last prefix', setPrefix, 0xf_e000n, {}, 0xf_e000n],
    ['a prefix beyond storage', setPrefix, 0x10_0000n, {}, invalid],
    ['a status address', storeStatusAtAddress, 0x1200n, {}, 0x1200n],
    ['a status address with bits that are ignored', storeStatusAtAddress, 0x8000_13ffn, {}, 0x1200n],
    ['a status address beyond storage', storeStatusAtAddress, 0x10_0000n, {}, invalid],
    ['an additional-status area', storeAdditionalStatus, 0x1400n, vector, 0x1400n],
    ['an additional-status area off its boundary', storeAdditionalStatus, 0x1200n, vector, invalid],
    ['a length without guarded storage', storeAdditionalStatus, 0x140an, vector, invalid],
    ['no length', storeAdditionalStatus, 0x1400n, full, 0x1400n],
    ['1024 bytes', storeAdditionalStatus, 0x140an, full, 0x140an],
    ['2048 bytes', storeAdditionalStatus, 0x180bn, full, 0x180bn],
    ['2048 bytes off their boundary', storeAdditionalStatus, 0x140bn, full, invalid],
    ['4096 bytes', storeAdditionalStatus, 0x200cn, full, 0x200cn],
    ['an unknown length', storeAdditionalStatus, 0x2009n, full, invalid],
    ['another unknown length', storeAdditionalStatus, 0x1_000dn, full, invalid],
    ['an area beyond storage', storeAdditionalStatus, 0x10_0000n, full, invalid],
    ['an area far beyond storage', storeAdditionalStatus, 0x1_0000_0000_1000n, full, invalid],
  ];
  it.each(rows)('%s', (_, order, parameter, facilities, result) => {
    const { states, signal } = machine(stopped, facilities);
    if (typeof result === 'number') {
      expect(signal(order, parameter)).toEqual(rejected(result));
      expect(states.pendingOrder(1)).toBeUndefined();
    } else {
      expect(signal(order, parameter)).toEqual(posted);
      expect(states.pendingOrder(1)).toEqual({ order, address: result });
    }
  });

  it('keep all bits of an address', () => {
    const { states, signal } = machine(stopped, { vector: true, storageContains: () => true });
    signal(storeAdditionalStatus, 0xfedc_ba98_8765_4000n);
    expect(states.pendingOrder(1)?.address).toBe(0xfedc_ba98_8765_4000n);
  });
});

describe('external calls and emergency signals', () => {
  it('one external call waits, from any CPU', () => {
    const { states, signal } = machine();
    expect(signal(SigpOrder.externalCall, 0n, 1, 0)).toEqual(posted);
    expect(signal(SigpOrder.externalCall, 0n, 1, 7)).toEqual(rejected(SigpStatus.externalCallPending));
    expect(signal(SigpOrder.sense)).toEqual(rejected(SigpStatus.externalCallPending));
    expect([states.externalCall(1), states.takeExternalCall(1), states.takeExternalCall(1)]).toEqual([
      0,
      0,
      undefined,
    ]);
    expect(signal(SigpOrder.sense)).toEqual(accepted);
  });

  it('an emergency signal waits for each CPU that sent one', () => {
    const { states, signal } = machine();
    for (const source of [39, 31, 0, 32, 31]) signal(SigpOrder.emergencySignal, 0n, 1, source);
    expect(signal(SigpOrder.sense)).toEqual(accepted);
    const taken = Array.from({ length: 5 }, () => states.takeEmergencySignal(1));
    expect(taken).toEqual([0, 31, 32, 39, undefined]);
  });

  it('resets clear them', () => {
    const { states, signal } = machine();
    signal(SigpOrder.externalCall);
    signal(SigpOrder.emergencySignal, 0n, 1, 39);
    signal(SigpOrder.cpuReset);
    states.completeOrder(1, SigpOrder.cpuReset);
    expect([states.externalCall(1), states.emergencySignal(1)]).toEqual([undefined, undefined]);
  });

  it('a conditional emergency signal asks for the state of the target', () => {
    const asked: unknown[] = [];
    const { states, signal } = machine(operating, {
      takesConditionalEmergency: (...args) => asked.push(args) > 1,
    });
    expect(signal(SigpOrder.conditionalEmergencySignal, 0xffff_1234n)).toEqual(
      rejected(SigpStatus.incorrectState),
    );
    expect(states.emergencySignal(1)).toBeUndefined();
    expect(signal(SigpOrder.conditionalEmergencySignal, 0x1234n)).toEqual(posted);
    expect(asked).toEqual([
      [1, 0x1234],
      [1, 0x1234],
    ]);
  });

  const enabled = PSW.external | PSW.io;
  it.each([
    ['disabled for both', 0n, 0n, true],
    ['disabled for I/O', PSW.external, 0n, true],
    ['disabled for external interruptions', PSW.io, 0n, true],
    ['enabled in another space', enabled, 0x1000n, false],
    ['waiting at address zero', enabled | PSW.wait, 0n, false],
    ['waiting elsewhere', enabled | PSW.wait, 0x1000n, true],
  ])('a CPU that is %s', (_, pswMask, instructionAddress, takes) => {
    const cpu = { pswMask, instructionAddress, primaryAsn: 1, secondaryAsn: 2 };
    expect(takesConditionalEmergency(cpu, 3)).toBe(takes);
  });

  it.each([1, 2])('a CPU that runs in space %i', (asn) => {
    const cpu = { pswMask: enabled, instructionAddress: 0n, primaryAsn: 1, secondaryAsn: 2 };
    expect(takesConditionalEmergency(cpu, asn)).toBe(true);
    expect(takesConditionalEmergency({ ...cpu, pswMask: enabled | PSW.wait }, asn)).toBe(false);
  });
});

describe('the states', () => {
  it('are shared by all that look at the same memory', () => {
    const memory = new SharedArrayBuffer(64 + CpuStates.size(2));
    const [one, other] = [new CpuStates(memory, 64, 2), new CpuStates(memory, 64, 2)];
    expect(one.state(1)).toBe(notOperational);
    one.setState(1, load);
    one.setRunning(1, true);
    one.postEmergencySignal(1, 0);
    expect([other.state(1), other.running(1), other.takeEmergencySignal(1)]).toEqual([load, true, 0]);
    expect(other.changeState(1, stopped, operating)).toBe(false);
    expect(new Uint8Array(memory, 0, 64).every((byte) => byte === 0)).toBe(true);
  });

  it('sense running status finds a running CPU', () => {
    const { states, signal } = machine();
    states.setRunning(1, true);
    expect(signal(SigpOrder.senseRunningStatus)).toEqual(accepted);
  });

  it('are saved and restored', () => {
    const { states, signal } = machine(stopped);
    signal(SigpOrder.externalCall, 0n, 1, 0);
    for (const source of [0, 31, 33]) signal(SigpOrder.emergencySignal, 0n, 1, source);
    signal(SigpOrder.setPrefix, 0x4000n);
    const other = machine().states;
    other.postEmergencySignal(0, 5);
    other.restore(structuredClone(states.save()));
    expect(other.save()).toEqual(states.save());
    expect(other.pendingOrder(1)).toEqual({ order: SigpOrder.setPrefix, address: 0x4000n });
    other.reset(1);
    expect(other.save()).toEqual(machine(stopped).states.save());
  });

  it('are refused from other CPUs, versions and objects', () => {
    const { states } = machine();
    const saved = states.save();
    const one = new CpuStates(new ArrayBuffer(CpuStates.size(1)), 0, 1);
    expect(() => one.restore(saved)).toThrow(RangeError);
    expect(() => states.restore({ ...saved, version: 9 })).toThrow(RangeError);
    expect(() => states.restore({ ...saved, name: 'css' })).toThrow(RangeError);
    expect(() => states.setState(40, stopped)).toThrow(RangeError);
  });
});
