/** The command line as a child process, run from the source. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class RunningCommand {
  readonly child: ChildProcessWithoutNullStreams;
  stdout = '';
  stderr = '';
  readonly result: Promise<CommandResult>;
  #changed: () => void = () => {};

  constructor(program: 'cli' | 'system', args: readonly string[]) {
    const file = fileURLToPath(new URL(`../${program}.ts`, import.meta.url));
    this.child = spawn(process.execPath, ['--conditions=zarch-source', file, ...args]);
    this.child.stdout.on('data', (bytes: Buffer) => {
      this.stdout += bytes.toString();
      this.#changed();
    });
    this.child.stderr.on('data', (bytes: Buffer) => {
      this.stderr += bytes.toString();
      this.#changed();
    });
    this.result = new Promise((resolve) => {
      this.child.on('close', (status) => {
        resolve({ status, stdout: this.stdout, stderr: this.stderr });
        this.#changed();
      });
    });
  }

  /** Waits until the output has some text in it, after as many characters as are to be passed over. */
  async until(text: string, stream: 'stdout' | 'stderr' = 'stdout', from = 0): Promise<void> {
    while (!this[stream].includes(text, from)) {
      if (this.child.exitCode !== null)
        throw new Error(`ended before "${text}":\n${this.stdout}\n${this.stderr}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}

export function runCommand(program: 'cli' | 'system', ...args: readonly string[]): Promise<CommandResult> {
  const command = new RunningCommand(program, args);
  command.child.stdin.end();
  return command.result;
}
