/** A clock that goes when a test says so. */
import type { Timer, Timers } from '../host.ts';

const MOST_ACTIONS = 1_000_000;

interface Pending {
  readonly at: number;
  readonly action: () => void;
}

export class FakeClock implements Timers {
  #now = 1000;
  #pending: Pending[] = [];

  /** Timers that wait. */
  get waiting(): number {
    return this.#pending.length;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, action: () => void): Timer {
    const pending: Pending = { at: this.#now + milliseconds, action };
    const last = this.#pending.findLastIndex(({ at }) => at <= pending.at);
    this.#pending.splice(last + 1, 0, pending);
    return {
      cancel: () => {
        this.#pending = this.#pending.filter((each) => each !== pending);
      },
    };
  }

  /** Lets time pass, and everything happen that is due. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (let count = 0; count < MOST_ACTIONS; count++) {
      const next = this.#pending[0];
      if (!next || next.at > end) {
        this.#now = end;
        return;
      }
      this.#pending.shift();
      this.#now = next.at;
      next.action();
    }
    throw new Error('it never comes to rest');
  }
}
