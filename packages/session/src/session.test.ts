import type { TranslatorAnswer } from '@zarch/cpu';

import type { DebugSettings } from '@zarch/kvm';
import { cpuModel } from '@zarch/machine';
import { elfProgram, HELLO_SOURCE } from '@zarch/machine/testing';
import { expect, it } from 'vitest';
import { makeConsole } from './console.ts';
import { LoadError, Session, type SessionEvent } from './session.ts';
import type { SessionHost, VcpuWorker, VcpuWorkerEvents } from './session-host.ts';
import { TranslatorLoop } from './translator-loop.ts';
import { runVcpu } from './vcpu-loop.ts';
import { Mailbox, type VcpuWorkerData } from './vcpu-protocol.ts';

const ORIGIN = 0x1_0000n;

/** Counts down, writes "hello" to the VT220 console and shuts down, as a Linux that was asked to does. */
const HELLO = `
        lghi %r3,4
again:  lghi %r1,30000
loop:   aghi %r2,1
        brctg %r1,loop
        brctg %r3,again
${HELLO_SOURCE}`;

const NO_ORDER = new Error('the vCPU has no order');

/** A host with all threads in one: the vCPU runs from the event loop until it has no order any more. */
class TestHost implements SessionHost {
  /** Messages that the vCPU waited for. */
  awaited = 0;
  readonly clock = { wall: () => Date.now(), monotonic: () => performance.now() };
  /** Whether messages come only from the event loop. */
  readonly #turns: boolean;

  constructor(turns: boolean) {
    this.#turns = turns;
  }
  defer(work: () => void): void {
    setTimeout(work, 0);
  }
  schedule(milliseconds: number, work: () => void): () => void {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  }

  startVcpu = (data: VcpuWorkerData, { onMessage, onError }: VcpuWorkerEvents): VcpuWorker => {
    const mailbox = new Int32Array(data.mailbox);
    const settings: DebugSettings[] = [];
    const translations: TranslatorAnswer[] = [];
    let count = 0;
    const received = async (wanted: number): Promise<void> => {
      this.awaited += wanted - count;
      while (count < wanted) await new Promise((resolve) => setTimeout(resolve, 0));
    };
    const deliver = (work: () => void): void => {
      const arrive = () => {
        count++;
        work();
      };
      if (this.#turns) setTimeout(arrive, 0);
      else arrive();
    };
    const answer = (translation: TranslatorAnswer) => deliver(() => translations.push(translation));
    const defer = (work: () => void) => setTimeout(work, 0);
    const translator = new TranslatorLoop(
      { ...data, mailbox: this.#turns ? data.mailbox : undefined },
      { answer, defer },
    );
    setTimeout(() => {
      runVcpu(data, {
        clock: this.clock,
        translator: () => ({
          request: (requests) => translator.serve(requests, () => undefined),
          take: () => translations.shift(),
        }),
        post: (message) => {
          onMessage(message);
          if ('exit' in message && Atomics.load(mailbox, Mailbox.order) === 0) throw NO_ORDER;
        },
        takeSettings: () => settings.shift(),
        ...(this.#turns ? { received } : {}),
      }).catch((error: Error) => {
        if (error !== NO_ORDER) onError(error);
      });
    }, 0);
    return {
      post: (message) => deliver(() => settings.push(message)),
      terminate: async () => {},
    };
  };
}

interface Started {
  readonly session: Session;
  readonly events: SessionEvent[];
  readonly output: () => string;
}

function start(host: SessionHost, kernel = elfProgram(HELLO, ORIGIN), startStopped = false): Started {
  const model = cpuModel('z14');
  if (!model) throw new Error('no CPU model');
  const events: SessionEvent[] = [];
  let text = '';
  const terminal = {
    write: (bytes: Uint8Array) => {
      text += new TextDecoder().decode(bytes);
    },
    connect: () => {},
    room: () => {},
  };
  const session = new Session({
    host,
    machine: { memorySize: 1 << 20, cpus: 1, maximumCpus: 1, model },
    program: { kernel },
    devices: [makeConsole('vt220', terminal)],
    watchdog: false,
    actions: { panic: 'exit-failure', reboot: 'reset', shutdown: 'poweroff', watchdog: 'none' },
    startStopped,
    threshold: 10,
    onEvent: (event) => events.push(event),
  });
  return { session, events, output: () => text };
}

const exits = (events: readonly SessionEvent[]) =>
  events.flatMap((event) => (event.kind === 'exit' ? [event.exit.reason] : []));

it.each([
  ['at any time', false],
  ['from the event loop only', true],
])('a program runs, is translated, writes and shuts down where messages come %s', async (_, turns) => {
  const host = new TestHost(turns);
  const { session, events, output } = start(host);
  expect(await session.ended).toEqual({ kind: 'shutdown', why: 'guest' });
  expect(output()).toBe('hello\n');
  expect(exits(events)).toEqual(['service', 'disabledWait']);
  expect(session.thread.counters?.regionEntries).toBeGreaterThan(0);
  expect(host.awaited > 0).toBe(turns);
});

it.each([[false], [true]])(
  'a pause stops the guest before its next instruction (event loop: %s)',
  async (turns) => {
    const { session, events, output } = start(new TestHost(turns));
    const stopped = new Promise((resolve) => {
      session.onPaused = resolve;
    });
    session.pause();
    expect(await stopped).toBeUndefined();
    expect([session.paused, output(), exits(events)]).toEqual([true, '', ['interrupted']]);
    await session.close();
  },
);

it('a request that others made to leave the guest is not for the machine', async () => {
  const { session, events } = start(new TestHost(true));
  session.machine.vm.places[0]?.local.requestExit();
  await session.ended;
  expect(exits(events)).not.toContain('interrupted');
});

it.each([[false], [true]])(
  'breakpoints come before the order they were set for (event loop: %s)',
  async (turns) => {
    const { session } = start(new TestHost(turns), elfProgram(HELLO, ORIGIN), true);
    const stopped = new Promise((resolve) => {
      session.onPaused = resolve;
    });
    const address = ORIGIN + 8n;
    session.debug({ breakpoints: [address], watchpoints: [] });
    session.resume();
    expect(await stopped).toEqual({ kind: 'breakpoint', address });
    expect(session.thread.state.psw.address).toBe(address);
    await session.close();
  },
);

it('an error on a thread ends the session', async () => {
  const host: SessionHost = Object.assign(new TestHost(false), {
    startVcpu: (_: VcpuWorkerData, { onError }: VcpuWorkerEvents): VcpuWorker => {
      setTimeout(() => onError(new Error('thread')), 0);
      return { post: () => {}, terminate: async () => {} };
    },
  });
  expect(await start(host).session.ended).toEqual({ kind: 'error', error: new Error('thread') });
});

it('a program that does not fit ends the thread', () => {
  let terminated = false;
  const host: SessionHost = Object.assign(new TestHost(false), {
    startVcpu: (): VcpuWorker => ({
      post: () => {},
      terminate: async () => {
        terminated = true;
      },
    }),
  });
  expect(() => start(host, new Uint8Array(4))).toThrow(LoadError);
  expect(terminated).toBe(true);
});
