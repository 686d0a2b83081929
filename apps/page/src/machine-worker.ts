/** The machine's thread: everything but the vCPU, the translator and what is on the screen. */
import { cpuModel, DEFAULT_MODEL } from '@zarch/machine';
import {
  crashText,
  InputQueue,
  makeConsole,
  Session,
  type SessionEnd,
  type SessionEvent,
  tiers,
  translationThreshold,
} from '@zarch/session';
import { browserHost } from './browser-host.ts';
import type { FromMachine, MachineRequest, ToMachine } from './page-protocol.ts';
import { ScreenOutput } from './screen-output.ts';

const post = (message: FromMachine): void => self.postMessage(message);
const output = new ScreenOutput((bytes) => post({ kind: 'output', bytes }));
// A page has no way to hold up the user's typing: what is typed to a guest that does not read is lost.
const INPUT_LIMIT = 1 << 16;
const input = new InputQueue(() => {});

self.addEventListener('message', ({ data }: MessageEvent<ToMachine>) => {
  switch (data.kind) {
    case 'start':
      void run(data.request);
      return;
    case 'input':
      if (input.length < INPUT_LIMIT) input.push(data.bytes);
      return;
    case 'shown':
      output.shown(data.count);
  }
});

async function fetched(address: string): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function run(request: MachineRequest): Promise<void> {
  let session: Session | undefined;
  let how: string;
  try {
    session = await start(request);
    post({ kind: 'started' });
    how = endText(await session.ended);
  } catch (error) {
    how = `failed: ${error instanceof Error ? error.message : String(error)}`;
  }
  const { code, interceptions, ...counts } = session?.thread.counters ?? {};
  await session?.close();
  post({ kind: 'ended', how, counters: JSON.stringify({ ...counts, ...code, interceptions }) });
}

async function start(request: MachineRequest): Promise<Session> {
  const { kernel, initrd, commandLine, memorySize } = request;
  const tier = tiers.find((known) => known === request.tier);
  if (!tier) throw new RangeError(`tier= is one of ${tiers.join(', ')}`);
  const model = cpuModel(DEFAULT_MODEL);
  if (!model) throw new Error(`no CPU model '${DEFAULT_MODEL}'`);
  const [kernelBytes, initrdBytes] = await Promise.all([
    fetched(kernel),
    initrd === undefined ? undefined : fetched(initrd),
  ]);
  const console = makeConsole('vt220', {
    write: (bytes) => output.write(bytes),
    connect: (take) => input.connect(take),
    room: () => input.room(),
  });
  return new Session({
    host: browserHost,
    machine: { memorySize, cpus: 1, maximumCpus: 1, model },
    program: {
      kernel: kernelBytes,
      commandLine,
      ...(initrdBytes ? { initrd: initrdBytes } : {}),
    },
    devices: [console],
    watchdog: true,
    actions: { panic: 'exit-failure', reboot: 'reset', shutdown: 'poweroff', watchdog: 'reset' },
    startStopped: false,
    congestion: () => output.congestion(),
    threshold: translationThreshold[tier],
    onEvent: report,
  });
}

function report(event: SessionEvent): void {
  if (event.kind !== 'crash') return;
  output.write(new TextEncoder().encode(`\nzarch: ${crashText(event.crash)}\n`));
}

function endText(end: SessionEnd): string {
  switch (end.kind) {
    case 'shutdown':
      return end.why === 'guest' ? 'powered off' : `shut down: ${end.why}`;
    case 'crash':
      return 'crashed';
    case 'quit':
      return 'ended';
    case 'error':
      return `failed: ${end.error.message}`;
  }
}
