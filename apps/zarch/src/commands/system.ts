/** `zarch system` and `zarch-system-s390x`: a machine as QEMU's command line describes it. */
import process from 'node:process';
import { type TraceItems, traces } from '@zarch/machine/trace';
import { crashText, type SessionEvent } from '@zarch/session';
import { FileChardev } from '../chardev/file.ts';
import { ExitStatus } from '../command-error.ts';
import { type MachineEnd, runMachine } from '../run/run-machine.ts';
import { informationText } from '../system/help.ts';
import type { LogItem } from '../system/log-items.ts';
import { logLines } from '../system/log-lines.ts';
import { parseSystemOptions, type SystemOptions } from '../system/options.ts';
import { flushed } from '../terminal.ts';

/**
 * Does what a command line says.
 *
 * @param program - The name that messages begin with.
 * @param args - Without the program's name.
 * @returns The exit status.
 */
export async function systemCommand(program: string, args: readonly string[]): Promise<number> {
  const parsed = parseSystemOptions(args);
  if (parsed.kind === 'information') {
    process.stdout.write(informationText(program, parsed.what));
    return ExitStatus.ok;
  }
  const { options } = parsed;
  const report = (line: string): void => {
    process.stderr.write(`${program}: ${line}\n`);
  };
  const log = openLog(options.log, report);
  try {
    const { kernel, initrd, commandLine } = options;
    const end = await runMachine({
      ...options,
      files: { kernel: kernel ?? '', initrd, commandLine },
      askGuest: false,
      trace: traceItems(options.log.items),
      report,
      onEvent: (event) => {
        for (const line of logLines(event, options.log.items)) log.write(`${line}\n`);
        tell(event, report);
      },
    });
    return statusOf(end, report);
  } finally {
    await log.close();
  }
}

/** What `-d` wants of the vCPU's thread. */
function traceItems(items: ReadonlySet<LogItem>): TraceItems | undefined {
  const has = (item: LogItem) => items.has(item);
  const trace = { in_asm: has('in_asm'), exec: has('exec'), cpu: has('cpu'), int: has('int') };
  return traces(trace) ? trace : undefined;
}

function tell(event: SessionEvent, report: (line: string) => void): void {
  if (event.kind === 'crash') report(crashText(event.crash));
  if (event.kind === 'watchdog') report(`watchdog expired: ${event.action}`);
}

function statusOf(end: MachineEnd, report: (line: string) => void): number {
  switch (end.kind) {
    case 'crash':
      return ExitStatus.failure;
    case 'signal':
      report(`terminating on signal ${end.signal}`);
      return ExitStatus.ok;
    case 'quit':
      report('Terminated');
      return ExitStatus.ok;
    case 'shutdown':
      return ExitStatus.ok;
  }
}

interface Log {
  write(text: string): void;
  close(): Promise<void>;
}

/** Where `-d` goes: standard error, or the file of `-D`. */
function openLog({ items, file }: SystemOptions['log'], report: (line: string) => void): Log {
  if (items.size === 0 || file === undefined) {
    return { write: (text) => process.stderr.write(text), close: () => flushed(process.stderr) };
  }
  const output = new FileChardev(file, false, report);
  return { write: (text) => output.write(Buffer.from(text)), close: () => output.close() };
}
