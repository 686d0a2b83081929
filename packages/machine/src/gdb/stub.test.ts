import type { DebugEvent, DebugSettings } from '@zarch/kvm';
import { describe, expect, it } from 'vitest';
import { encodePacket, fromLatin1, latin1, PacketReader } from './packet.ts';
import { GdbStub } from './stub.ts';
import type { GdbTarget } from './target.ts';

/** Two registers, 16 bytes of storage at 0x1000, and a list of what was asked of it. */
class FakeTarget implements GdbTarget {
  readonly features = [
    {
      name: 'fake',
      registers: [
        { name: 'a', bits: 32, type: 'uint32', group: 'general' },
        { name: 'b', bits: 64, type: 'uint64', group: 'general' },
      ],
    },
  ] as const;
  readonly asked: string[] = [];
  readonly values = [Uint8Array.of(1, 2, 3, 4), new Uint8Array(8)];
  readonly storage = Uint8Array.from({ length: 16 }, (_, i) => i);
  stops: DebugSettings = { breakpoints: [], watchpoints: [] };

  readRegister(number: number): Uint8Array {
    return this.values[number] ?? new Uint8Array();
  }
  writeRegister(number: number, value: Uint8Array): boolean {
    this.values[number] = value;
    return true;
  }
  readMemory(address: bigint, length: number): Uint8Array {
    if (address < 0x1000n) return new Uint8Array();
    const start = Number(address - 0x1000n);
    return this.storage.slice(start, start + length);
  }
  writeMemory(address: bigint, bytes: Uint8Array): boolean {
    if (address < 0x1000n || address + BigInt(bytes.length) > 0x1010n) return false;
    this.storage.set(bytes, Number(address - 0x1000n));
    return true;
  }
  setProgramCounter(address: bigint): void {
    this.asked.push(`pc ${address.toString(16)}`);
  }
  setStops(stops: DebugSettings): void {
    this.stops = stops;
  }
  resume(): void {
    this.asked.push('resume');
  }
  step(): void {
    this.asked.push('step');
  }
  interrupt(): void {
    this.asked.push('interrupt');
  }
  kill(): void {
    this.asked.push('kill');
  }
  command(text: string): string | undefined {
    return text === 'hello' ? 'world\n' : undefined;
  }
}

function connect() {
  const target = new FakeTarget();
  let sent = '';
  const stub = new GdbStub(target, (bytes) => {
    sent += fromLatin1(bytes);
  });
  stub.start();
  /** Sends packets and gives what comes back: payloads, without acknowledgements. */
  const ask = (...payloads: readonly string[]): readonly string[] => {
    for (const payload of payloads) stub.receive(encodePacket(payload));
    return taken();
  };
  const taken = (): readonly string[] => {
    const events = new PacketReader().read(latin1(sent));
    sent = '';
    return events.flatMap((event) => (event.kind === 'packet' ? [fromLatin1(event.payload)] : []));
  };
  const raw = () => {
    const text = sent;
    sent = '';
    return text;
  };
  return { target, stub, ask, taken, raw };
}

/** A debugger whose target has stopped. */
function stopped() {
  const debug = connect();
  debug.stub.stopped(undefined);
  debug.target.asked.length = 0;
  return debug;
}

describe('a request to a stopped target', () => {
  it.each([
    ['?', 'T05thread:1;'],
    ['g', '010203040000000000000000'],
    ['p0', '01020304'],
    ['p1', '0000000000000000'],
    ['p2', 'E22'],
    ['px', 'E22'],
    ['P0=aabbccdd', 'OK'],
    ['P0=aabb', 'E22'],
    ['P7=aabbccdd', 'E22'],
    ['Gaabbccdd0000000000000001', 'OK'],
    ['Gaabb', 'E22'],
    ['m1002,3', '020304'],
    ['m100e,8', '0e0f'],
    ['m0,4', 'E14'],
    ['m1000', 'E22'],
    ['m1000,0', ''],
    ['M1000,2:aabb', 'OK'],
    ['M1000,2:aa', 'E22'],
    ['M100f,2:aabb', 'E14'],
    ['X1000,2:#}', 'OK'],
    ['X1000,0:', 'OK'],
    ['Z0,1000,2', 'OK'],
    ['Z1,1000,2', 'OK'],
    ['Z2,1000,8', 'OK'],
    ['Z2,1000,0', 'E22'],
    ['Z5,1000,2', ''],
    ['Z0,nonsense,2', 'E22'],
    ['z0,1000,2', 'OK'],
    ['vCont?', 'vCont;c;C;s;S'],
    ['vCont;q', 'E22'],
    ['vMustReplyEmpty', ''],
    ['Hg0', 'OK'],
    ['Hc-1', 'OK'],
    ['Hg2', 'E22'],
    ['T1', 'OK'],
    ['T2', 'E22'],
    ['qfThreadInfo', 'm1'],
    ['qsThreadInfo', 'l'],
    ['qC', 'QC1'],
    ['qAttached', '1'],
    ['qRcmd,68656c6c6f', '776f726c640a'],
    ['qRcmd,00', ''],
    ['qTStatus', ''],
    ['QStartNoAckMode', 'OK'],
    ['D', 'OK'],
    ['!', ''],
    ['', ''],
  ])('%j is answered by %j', (request, reply) => {
    expect(stopped().ask(request)).toEqual([reply]);
  });

  it('announces what there is', () => {
    const [reply] = stopped().ask('qSupported:multiprocess+;swbreak+');
    expect(reply?.split(';')).toEqual(
      expect.arrayContaining([
        'PacketSize=4000',
        'qXfer:features:read+',
        'vContSupported+',
        'QStartNoAckMode+',
      ]),
    );
  });

  it('gives the target description in pieces', () => {
    const { ask } = stopped();
    let text = '';
    for (let more = true; more; ) {
      const [reply = 'l'] = ask(`qXfer:features:read:target.xml:${text.length.toString(16)},40`);
      text += reply.slice(1);
      more = reply.startsWith('m');
    }
    expect(text).toContain('<architecture>s390:64-bit</architecture>');
    expect(text).toContain('<reg name="b" bitsize="64" type="uint64" group="general"/>');
    expect(text.trimEnd().endsWith('</target>')).toBe(true);
    expect(ask('qXfer:features:read:other.xml:0,40')).toEqual(['E00']);
  });

  it('writes what it is given', () => {
    const { ask, target } = stopped();
    ask('P0=aabbccdd', 'M1000,2:1122', 'X1002,3:#}*');
    expect(target.values[0]).toEqual(Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd));
    expect([...target.storage.subarray(0, 6)]).toEqual([0x11, 0x22, 0x23, 0x7d, 0x2a, 5]);
  });

  it('sets and removes break- and watchpoints', () => {
    const { ask, target } = stopped();
    ask('Z0,1000,2', 'Z0,2000,2', 'Z2,3000,8', 'Z3,3000,1', 'Z4,3000,4', 'z0,1000,2', 'z3,3000,1');
    expect(target.stops).toEqual({
      breakpoints: [0x2000n],
      watchpoints: [
        { address: 0x3000n, length: 8, kind: 'write' },
        { address: 0x3000n, length: 4, kind: 'access' },
      ],
    });
  });
});

describe('a target that runs', () => {
  it.each([
    ['c', ['resume']],
    ['s', ['step']],
    ['c2000', ['pc 2000', 'resume']],
    ['C05', ['resume']],
    ['S05;2000', ['pc 2000', 'step']],
    ['vCont;c', ['resume']],
    ['vCont;s:1;c', ['step']],
    ['vCont;S05:1;c:-1', ['step']],
    ['vCont;c:2;s:1', ['step']],
  ])('is started by %j, which is answered when it stops', (request, asked) => {
    const { ask, target, stub, taken } = stopped();
    expect(ask(request)).toEqual([]);
    expect(target.asked).toEqual(asked);
    stub.stopped({ kind: 'step' });
    expect(taken()).toEqual(['T05thread:1;']);
  });

  it.each<[DebugEvent | undefined, string]>([
    [undefined, 'T02thread:1;'],
    [{ kind: 'breakpoint', address: 0x1000n }, 'T05thread:1;'],
    [{ kind: 'watchpoint', address: 0x1000n, watch: 'write' }, 'T05thread:1;watch:1000;'],
    [{ kind: 'watchpoint', address: 0x1000n, watch: 'read' }, 'T05thread:1;rwatch:1000;'],
    [{ kind: 'watchpoint', address: 0x1000n, watch: 'access' }, 'T05thread:1;awatch:1000;'],
  ])('that stops because of %o says %s, also to ?', (event, reply) => {
    const { ask, stub, taken } = stopped();
    ask('c');
    stub.stopped(event);
    expect(taken()).toEqual([reply]);
    expect(ask('?')).toEqual([reply]);
  });

  it('is interrupted by the byte 03, and answers what came in between afterwards', () => {
    const { ask, target, stub, taken } = stopped();
    ask('c');
    expect(ask('qC')).toEqual([]);
    stub.receive(Uint8Array.of(3));
    expect(target.asked).toEqual(['resume', 'interrupt']);
    stub.stopped(undefined);
    expect(taken()).toEqual(['T02thread:1;', 'QC1']);
  });

  it('says when the machine has ended', () => {
    const { ask, stub, taken } = stopped();
    ask('c');
    stub.exited();
    expect(taken()).toEqual(['W00']);
  });
});

describe('a connection', () => {
  it('stops the target first, and answers nothing before that', () => {
    const { target, stub, ask, taken } = connect();
    expect(target.asked).toEqual(['interrupt']);
    expect(ask('?')).toEqual([]);
    stub.stopped(undefined);
    expect(taken()).toEqual(['T05thread:1;']);
  });

  it('acknowledges packets until it is told not to, and repeats its own', () => {
    const { stub, raw } = stopped();
    stub.receive(encodePacket('qC'));
    expect(raw()).toBe('+$QC1#c5');
    stub.receive(latin1('-'));
    expect(raw()).toBe('$QC1#c5');
    stub.receive(latin1('+$qC#00'));
    expect(raw()).toBe('-');
    stub.receive(encodePacket('QStartNoAckMode'));
    expect(raw()).toBe('+$OK#9a');
    stub.receive(encodePacket('qC'));
    expect(raw()).toBe('$QC1#c5');
  });

  it.each([
    ['D', ['resume']],
    ['k', ['kill']],
    ['vKill;1', ['kill']],
  ])('ends with %j', (request, asked) => {
    const { ask, target, stub } = stopped();
    ask('Z0,1000,2', request);
    expect(target.asked).toEqual(asked);
    stub.disconnected();
    expect(ask('qC')).toEqual([]);
    expect(target.asked).toEqual(asked);
  });

  it('that is lost lets the target go on without breakpoints', () => {
    const { ask, target, stub } = stopped();
    ask('Z0,1000,2');
    stub.disconnected();
    expect(target.asked).toEqual(['resume']);
    expect(target.stops.breakpoints).toEqual([]);
  });
});
