/** Runs a machine on the program's consoles from its start to its end, whatever ends it. */
import process from 'node:process';
import { cpuModel } from '@zarch/machine';
import type { TraceItems } from '@zarch/machine/trace';
import {
  type ConsoleKind,
  LoadError,
  makeConsole,
  Session,
  type SessionActions,
  type SessionEnd,
  type SessionEvent,
  type Tier,
  translationThreshold,
} from '@zarch/session';
import type { Chardev, ChardevOptions, SocketAddress } from '../chardev/chardev.ts';
import { openChardev } from '../chardev/open.ts';
import { CommandError, ExitStatus } from '../command-error.ts';
import { GdbServer } from '../gdb/server.ts';
import { flushed, restoreTerminal } from '../terminal.ts';
import type { VirtioDeviceConfig } from '../virtio/config.ts';
import { OpenDevices } from '../virtio/open.ts';
import { nodeHost } from './node-host.ts';
import { type ProgramFiles, readProgram } from './read-program.ts';
import type { TranslationFileOptions } from './translation-file.ts';

export interface MachineRun {
  readonly files: ProgramFiles;
  /** Bytes. */
  readonly memorySize: number;
  readonly cpus: number;
  readonly maximumCpus: number;
  readonly model: string;
  readonly loadParameter?: string | undefined;
  readonly name?: string | undefined;
  readonly uuid?: Uint8Array | undefined;
  readonly consoles: readonly { readonly device: ConsoleKind; readonly chardev: ChardevOptions }[];
  readonly devices: readonly VirtioDeviceConfig[];
  readonly watchdog: boolean;
  readonly actions: SessionActions;
  readonly startStopped: boolean;
  readonly tier: Tier;
  /** The directory in which translations are kept from run to run; undefined if they are not. */
  readonly translations: string | undefined;
  /** Report counts of what happened, when it is over. */
  readonly counters: boolean;
  /** Where a debugger can connect. */
  readonly gdb?: SocketAddress | undefined;
  readonly trace?: TraceItems | undefined;
  /** The control character that begins an escape. */
  readonly escape: number;
  /** The first signal asks the guest to shut down instead of ending the program. */
  readonly askGuest: boolean;
  readonly onEvent: (event: SessionEvent) => void;
  /** Called before each output of the guest. */
  readonly onOutput?: (bytes: Uint8Array) => void;
  /** Gets a line about the program itself. */
  readonly report: (line: string) => void;
}

export type MachineEnd =
  | Exclude<SessionEnd, { kind: 'error' }>
  | { readonly kind: 'signal'; readonly signal: Signal };

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
export type Signal = (typeof signals)[number];

/** Consoles, session and signals of one run. */
class Run {
  readonly #run: MachineRun;
  readonly #abort = new AbortController();
  readonly #chardevs: Chardev[] = [];
  readonly #devices: OpenDevices;
  #session: Session | undefined;
  #gdb: GdbServer | undefined;
  #signal: Signal | undefined;
  #asked = false;

  constructor(run: MachineRun) {
    this.#run = run;
    const { onOutput, report } = run;
    this.#devices = new OpenDevices({ openChardev: (options) => this.#chardev(options), onOutput, report });
  }

  async start(): Promise<SessionEnd> {
    const { files, memorySize, watchdog, actions, startStopped, onEvent } = this.#run;
    const threshold = translationThreshold[this.#run.tier];
    const host = nodeHost({ translates: threshold > 0, translations: this.#translations() });
    const program = readProgram(files, memorySize);
    const devices = [];
    for (const { device, chardev } of this.#run.consoles) {
      devices.push(makeConsole(device, await this.#chardev(chardev), this.#run.onOutput));
    }
    await this.#devices.open(this.#run.devices);
    if (this.#abort.signal.aborted) return { kind: 'quit' };
    const congestion = (): Promise<void> | undefined => {
      const waits = this.#chardevs
        .map((chardev) => chardev.congestion())
        .filter((wait) => wait !== undefined);
      return waits.length > 0 ? Promise.all(waits).then(() => {}) : undefined;
    };
    const machine = this.#machineOptions();
    const { gdb, trace } = this.#run;
    this.#session = new Session({
      ...{ host, threshold },
      ...{ machine, program, devices, watchdog, actions, startStopped, congestion, onEvent, trace },
      attach: (machine) => this.#devices.attach(machine),
    });
    if (gdb) this.#gdb = await GdbServer.listen(this.#session, gdb);
    return this.#session.ended;
  }

  /** Where translations are kept. What is translated at first sight, for tests, is made anew each time. */
  #translations(): TranslationFileOptions | undefined {
    const { files, memorySize, maximumCpus, model, tier, translations } = this.#run;
    if (translations === undefined || tier !== 'default') return undefined;
    const guest = { ...files, machine: [memorySize, maximumCpus, model].join(' ') };
    return { directory: translations, guest };
  }

  quit(): void {
    this.#abort.abort(new CommandError('terminated', ExitStatus.failure));
    this.#session?.quit();
  }

  onSignal(signal: Signal): void {
    const ask = this.#run.askGuest && signal !== 'SIGQUIT' && !this.#asked;
    if (ask && this.#session?.quiesce()) {
      this.#asked = true;
      this.#run.report(`${signal}: asked the guest to shut down; a second signal ends the program`);
      return;
    }
    this.#signal ??= signal;
    this.quit();
  }

  get signal(): Signal | undefined {
    return this.#signal;
  }

  async close(): Promise<void> {
    await this.#gdb?.close();
    if (this.#run.counters) this.#printCounters();
    // The vCPU first: nothing is written to a console that is closed.
    await this.#session?.close();
    for (const chardev of this.#chardevs) await chardev.close();
    await this.#devices.close();
    restoreTerminal();
    await flushed(process.stdout);
  }

  async #chardev(options: ChardevOptions): Promise<Chardev> {
    const opened = await openChardev(options, {
      escape: this.#run.escape,
      quit: () => this.quit(),
      report: this.#run.report,
      signal: this.#abort.signal,
    });
    this.#chardevs.push(opened);
    return opened;
  }

  /** One line for programs to read. */
  #printCounters(): void {
    const { code, interceptions, ...counts } = this.#session?.thread.counters ?? {};
    const exits = Object.fromEntries(
      (interceptions ?? []).map(([key, count]) => [`interception${key}`, count]),
    );
    process.stderr.write(`${JSON.stringify({ counters: { ...counts, ...code, ...exits } })}\n`);
  }

  #machineOptions() {
    const { memorySize, cpus, maximumCpus, loadParameter, name, uuid } = this.#run;
    const model = cpuModel(this.#run.model);
    if (!model) throw new CommandError(`unable to find CPU model '${this.#run.model}'`, ExitStatus.usage);
    return {
      ...{ memorySize, cpus, maximumCpus, model },
      ...(loadParameter === undefined ? {} : { loadParameter }),
      ...(name === undefined ? {} : { name }),
      ...(uuid === undefined ? {} : { uuid }),
    };
  }
}

/**
 * Runs a machine. When the promise is settled, all output is out and the terminal is as it was.
 *
 * @throws {CommandError} When the machine cannot be started, or zarch itself fails.
 */
export async function runMachine(options: MachineRun): Promise<MachineEnd> {
  const run = new Run(options);
  const handlers = signals.map((signal) => ({ signal, handler: () => run.onSignal(signal) }));
  for (const { signal, handler } of handlers) process.on(signal, handler);
  try {
    const end = await run.start();
    if (end.kind === 'error') throw end.error;
    return run.signal && end.kind === 'quit' ? { kind: 'signal', signal: run.signal } : end;
  } catch (error) {
    if (run.signal) return { kind: 'signal', signal: run.signal };
    throw explained(error, options.files);
  } finally {
    await run.close();
    for (const { signal, handler } of handlers) process.off(signal, handler);
  }
}

/** An error as the user is to see it. */
function explained(error: unknown, { kernel, initrd }: ProgramFiles): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof LoadError) {
    const file = { kernel: ` file '${kernel}'`, initrd: ` file '${initrd}'`, 'command line': '' }[error.what];
    return new CommandError(`failed to load ${error.what}${file}: it ${error.message}`);
  }
  const message = error instanceof Error ? error.message : String(error);
  if (/could not allocate memory/i.test(message)) {
    return new CommandError('cannot set up guest memory: the host has not enough address space or memory');
  }
  return new CommandError(`internal error: ${message}`);
}
