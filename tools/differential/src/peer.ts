/** The peer's side of a batch: the runner under `qemu-s390x-static`, and again after a case that ends it. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, encodeRecord } from './case.ts';
import { output, SLOT } from './layout.ts';
import { decodeOutcome, type Outcome } from './outcome.ts';
import { buildRunner } from './runner.ts';

/** A batch takes a second; one that takes this long does not end. */
const TIME_LIMIT_MS = 120_000;

export class Peer implements Disposable {
  readonly #qemu: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'zarch-differential-'));
  readonly #runner = join(this.#directory, 'runner');

  /** @param qemu - Path of the user-mode emulator. */
  constructor(qemu: string) {
    this.#qemu = qemu;
    writeFileSync(this.#runner, buildRunner());
    chmodSync(this.#runner, 0o755);
  }

  /** How each case ended; undefined where it ended the peer as well. */
  async execute(cases: readonly Case[], code: Uint8Array): Promise<readonly (Outcome | undefined)[]> {
    const outcomes: (Outcome | undefined)[] = [];
    while (outcomes.length < cases.length) {
      const first = outcomes.length;
      const bytes = await this.#run(cases, first, code);
      const complete = Math.min(cases.length - first, Math.floor(bytes.length / output.size));
      for (let i = 0; i < complete; i++) outcomes.push(decodeOutcome(bytes, i * output.size));
      if (outcomes.length < cases.length) outcomes.push(undefined);
    }
    return outcomes;
  }

  /** What the runner writes for the cases from `first` on. */
  #run(cases: readonly Case[], first: number, code: Uint8Array): Promise<Uint8Array> {
    const header = new Uint8Array(8);
    new DataView(header.buffer).setBigUint64(0, BigInt(cases.length * SLOT));
    const records = cases.slice(first).map((test, i) => encodeRecord(test, first + i));
    const input = Buffer.concat([header, code.subarray(0, cases.length * SLOT), ...records]);
    return new Promise((resolve, reject) => {
      const child = spawn(this.#qemu, ['-cpu', 'max', this.#runner], {
        stdio: ['pipe', 'pipe', 'ignore'],
        timeout: TIME_LIMIT_MS,
        killSignal: 'SIGKILL',
      });
      const chunks: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.on('error', reject);
      child.on('close', () => resolve(Buffer.concat(chunks)));
      // A runner that ends early closes its end of the pipe; what it wrote tells how far it came.
      child.stdin.on('error', () => {});
      child.stdin.end(input);
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
