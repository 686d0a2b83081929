/** The page: shows the console, passes on what is typed, and starts the machine that its address asks for. */
import { keyText } from './keyboard.ts';
import type { FromMachine, MachineRequest, ToMachine } from './page-protocol.ts';
import { Screen } from './screen.ts';

const MIB = 1 << 20;

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
const status = element('status');
const counters = element('counters');

/** @throws {RangeError} For something that is not there. */
function requestOf(address: string): MachineRequest {
  const { searchParams } = new URL(address);
  const kernel = searchParams.get('kernel');
  if (kernel === null) throw new RangeError('?kernel= is to name a kernel');
  const initrd = searchParams.get('initrd') ?? undefined;
  const memory = Number(searchParams.get('memory') ?? 512);
  if (!Number.isInteger(memory) || memory <= 0) throw new RangeError('memory= is a number of MiB');
  const absolute = (file: string): string => new URL(file, address).href;
  return {
    kernel: absolute(kernel),
    initrd: initrd === undefined ? undefined : absolute(initrd),
    commandLine: searchParams.get('append') ?? 'console=ttysclp0',
    memorySize: memory * MIB,
    tier: searchParams.get('tier') ?? 'default',
  };
}

function start(request: MachineRequest): void {
  const machine = new Worker(new URL('./machine-worker.js', import.meta.url), {
    type: 'module',
    name: 'machine',
  });
  const post = (message: ToMachine): void => machine.postMessage(message);
  const screen = new Screen(element('console'), (count) => post({ kind: 'shown', count }));
  const encoder = new TextEncoder();
  machine.addEventListener('error', ({ message }) => {
    status.textContent = `failed: ${message}`;
  });
  machine.addEventListener('message', ({ data }: MessageEvent<FromMachine>) => {
    switch (data.kind) {
      case 'started':
        status.textContent = 'running';
        return;
      case 'output':
        screen.show(data.bytes);
        return;
      case 'ended':
        screen.draw();
        counters.textContent = data.counters;
        status.textContent = data.how;
    }
  });
  document.addEventListener('keydown', (event) => {
    const text = keyText(event);
    if (text === undefined) return;
    event.preventDefault();
    post({ kind: 'input', bytes: encoder.encode(text) });
  });
  document.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text') ?? '';
    post({ kind: 'input', bytes: encoder.encode(text.replaceAll('\n', '\r')) });
  });
  post({ kind: 'start', request });
}

try {
  if (!crossOriginIsolated) throw new Error('threads need a page that is cross-origin isolated');
  start(requestOf(location.href));
} catch (error) {
  status.textContent = `failed: ${error instanceof Error ? error.message : String(error)}`;
}
