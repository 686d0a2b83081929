import { HostStorage } from '@zarch/memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { IoEvents } from './io-events.ts';
import { testVcpu } from './test-vcpu.ts';
import { Vcpu } from './vcpu.ts';

const event = { subsystem: 0x8001_0003, queue: 2 };

let events: IoEvents;
beforeEach(() => {
  events = new IoEvents(new HostStorage(65536, 65536));
});

describe('an event', () => {
  it('that was not added is not signalled', () => {
    expect(events.signal(event, 0n)).toBe(undefined);
    events.add(event);
    expect(events.signal({ ...event, queue: 1 }, 0n)).toBe(undefined);
    expect(events.signal({ ...event, subsystem: 0x1_0003 }, 0n)).toBe(undefined);
    expect(events.take()).toEqual([]);
  });

  it('is taken once, however often it was signalled', () => {
    events.add({ ...event, queue: 0 });
    events.add(event);
    expect(events.signal(event, -1n)).toEqual({ cookie: 1, tell: true });
    expect(events.signal(event, 1n)).toEqual({ cookie: 1, tell: false });
    expect(events.take()).toEqual([event]);
    expect(events.take()).toEqual([]);
    expect(events.signal(event, 1n)?.tell).toBe(true);
  });

  it.each([-1n, 0n, 1n, 7n, 1n << 62n])('is found with the cookie %i', (cookie) => {
    events.add({ ...event, queue: 0 });
    events.add(event);
    expect(events.signal(event, cookie)?.cookie).toBe(1);
  });

  it('finds no room after 256 others, and all go with a reset', () => {
    for (let queue = 0; queue < 300; queue++) events.add({ ...event, queue });
    events.add({ ...event, queue: 0 });
    expect(events.signal({ ...event, queue: 255 }, 0n)?.cookie).toBe(255);
    expect(events.signal({ ...event, queue: 256 }, 0n)).toBe(undefined);
    events.clear();
    expect(events.signal({ ...event, queue: 0 }, 0n)).toBe(undefined);
    expect(events.take()).toEqual([]);
  });
});

describe('a notification', () => {
  const NOTIFY = 'lgr %r2,%r5\n diag %r2,%r4,0x500\n la %r6,1(%r2)\n svc 0';

  function run(registered: boolean, gr1: bigint, told = true) {
    const tells: string[] = [];
    const { vm } = testVcpu(NOTIFY);
    const extras = told ? { onIoEvent: () => void tells.push('told') } : {};
    const vcpu = new Vcpu(vm, 0, { clock: () => 1n << 60n, ...extras });
    if (registered) vm.ioEvents.add({ subsystem: 0x1_0000, queue: 1 });
    vm.load(0x2_1000, Uint8Array.of(0x83, 0, 0x03, 0x08));
    const { state } = vcpu;
    state.setGr(1, gr1);
    state.setGr(5, 0x1_0000n);
    state.setGr(3, 1n);
    state.setGr(4, -1n);
    const exit = vcpu.run();
    return {
      tells,
      events: vm.ioEvents.take(),
      code: exit.reason === 'diagnose' ? exit.code : 0,
      gr6: state.gr(6),
    };
  }

  it('that is known is answered with its cookie, and the other thread is told', () => {
    expect(run(true, 3n)).toEqual({
      tells: ['told'],
      events: [{ subsystem: 0x1_0000, queue: 1 }],
      code: 0x308,
      gr6: 1n,
    });
  });

  it.each([
    ['is not known', false, 3n, true],
    ['is another hypercall', true, 2n, true],
    ['comes where nobody is told', true, 3n, false],
  ])('that %s is left to the machine', (_, registered, gr1, told) => {
    expect(run(registered, gr1, told)).toMatchObject({ tells: [], events: [], code: 0x500 });
  });
});
