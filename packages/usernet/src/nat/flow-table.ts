/** Flows without an end of their own: the one unused for longest goes when there are too many, all go when idle. */
import type { Timer, Timers } from '../host.ts';

const SWEEP_INTERVAL = 5000;

export interface Flow {
  close(): void;
}

export class FlowTable<Kind extends Flow> {
  readonly #timers: Timers;
  readonly #most: number;
  readonly #idle: number;
  /** In the order of their last use. */
  readonly #flows = new Map<string, { readonly flow: Kind; readonly used: number }>();
  #sweep: Timer | undefined;

  /** @param idle - Milliseconds after which an unused flow ends. */
  constructor(timers: Timers, { most, idle }: { readonly most: number; readonly idle: number }) {
    this.#timers = timers;
    this.#most = most;
    this.#idle = idle;
  }

  get size(): number {
    return this.#flows.size;
  }

  /** A flow, which is in use now. */
  use(key: string): Kind | undefined {
    const flow = this.#flows.get(key)?.flow;
    if (flow) this.#put(key, flow);
    return flow;
  }

  add(key: string, flow: Kind): void {
    this.#put(key, flow);
    for (const oldest of this.#flows.keys()) {
      if (this.#flows.size <= this.#most) break;
      this.#end(oldest);
    }
    this.#sweep ??= this.#timers.after(SWEEP_INTERVAL, () => this.#expire());
  }

  close(): void {
    this.#sweep?.cancel();
    this.#sweep = undefined;
    for (const key of [...this.#flows.keys()]) this.#end(key);
  }

  #put(key: string, flow: Kind): void {
    this.#flows.delete(key);
    this.#flows.set(key, { flow, used: this.#timers.now() });
  }

  #end(key: string): void {
    const entry = this.#flows.get(key);
    this.#flows.delete(key);
    entry?.flow.close();
  }

  #expire(): void {
    const oldest = this.#timers.now() - this.#idle;
    for (const [key, { used }] of [...this.#flows]) {
      if (used > oldest) break;
      this.#end(key);
    }
    this.#sweep =
      this.#flows.size === 0 ? undefined : this.#timers.after(SWEEP_INTERVAL, () => this.#expire());
  }
}
