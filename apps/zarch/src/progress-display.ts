/** Shows on standard error how far a step is that takes more than a second: one line redrawn on a terminal, else plain lines. */

const PATIENCE = 1000;
const REDRAW = 200;
const ERASE = '\r\u001b[K';

export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How much of a step is done. */
export interface StepProgress {
  readonly done: number;
  readonly total: number | undefined;
  /** What is counted, if not bytes. */
  readonly unit?: string | undefined;
}

export class ProgressDisplay {
  readonly #output: ProgressOutput;
  readonly #now: () => number;
  #label: string | undefined;
  #started = 0;
  #shown = false;
  #progress: StepProgress | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: ProgressOutput, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
  }

  /** Begins a step, which ends the one before; the same label again only tells how far it is. */
  step(label: string, progress?: StepProgress): void {
    this.#progress = progress;
    if (label === this.#label) return;
    this.end();
    this.#label = label;
    this.#progress = progress;
    this.#started = this.#now();
    this.#timer = setInterval(() => this.#tick(), REDRAW);
    this.#timer.unref();
  }

  /** Makes room for somebody else's text; the step goes on, and is shown again below that. */
  giveWay(): void {
    if (this.#shown && this.#output.isTTY) this.#output.write(ERASE);
  }

  /** Ends the step, and takes its line off a terminal. */
  end(): void {
    if (this.#label === undefined) return;
    clearInterval(this.#timer);
    if (this.#shown) {
      this.#output.write(this.#output.isTTY ? ERASE : `${this.#label}: done (${this.#seconds()} s)\n`);
    }
    this.#label = undefined;
    this.#shown = false;
  }

  #tick(): void {
    if (this.#now() - this.#started < PATIENCE) return;
    if (this.#output.isTTY)
      this.#output.write(`\r${this.#label} ${this.#amount()}${this.#seconds()} s\u001b[K`);
    else if (!this.#shown) this.#output.write(`${this.#label} ...\n`);
    this.#shown = true;
  }

  #seconds(): number {
    return Math.round((this.#now() - this.#started) / 1000);
  }

  #amount(): string {
    if (!this.#progress) return '';
    const { done, total, unit } = this.#progress;
    if (unit !== undefined) return total ? `${done} of ${total} ` : `${done} `;
    const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
    return total ? `${Math.floor((100 * done) / total)}% of ${mib(total)} MiB ` : `${mib(done)} MiB `;
  }
}
