/** The command line as a child process, run from the source or as it is built. */
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

  /** @param environment - Variables that it is to have beside those of this process. */
  constructor(
    program: 'cli' | 'system' | 'built system',
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ) {
    const isBuilt = program === 'built system';
    const name = isBuilt ? '../../bin/zarch-system-s390x.js' : `../${program}.ts`;
    const file = fileURLToPath(new URL(name, import.meta.url));
    const conditions = isBuilt ? [] : ['--conditions=zarch-source'];
    const env = { ...process.env, ...environment };
    this.child = spawn(process.execPath, [...conditions, file, ...args], { env });
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
