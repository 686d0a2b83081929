/**
 * DIAGNOSE 288: the watchdog timer (z/VM CP Programming Services, DIAGNOSE code X'288'; QEMU
 * hw/watchdog/wdt_diag288.c). A program starts it with an interval, and has to renew it before the interval is over.
 */
import { ProgramInterruption } from '@zarch/arch';
import type { VcpuState } from '@zarch/kvm';

const Operation = { init: 0n, change: 1n, cancel: 2n } as const;
/** Seconds; a shorter interval is refused. */
const SHORTEST = 15n;
/** Timers of hosts take no longer delays than this, in milliseconds: 24 days. */
const LONGEST_DELAY = 2 ** 31 - 1;

export interface WatchdogHost {
  /**
   * Calls `expired` once after a delay.
   *
   * @returns A function that prevents the call.
   */
  readonly schedule: (milliseconds: number, expired: () => void) => () => void;
  /** The program did not renew the interval in time. The watchdog has stopped. */
  readonly onExpired: () => void;
}

export class Watchdog {
  readonly #host: WatchdogHost;
  #enabled = false;
  #cancel: () => void = () => {};

  constructor(host: WatchdogHost) {
    this.#host = host;
  }

  /** Carries out the function in register R1; register R1+1 has the interval in seconds, R3 the action: none. */
  diagnose(state: VcpuState, r1: number, r3: number): void {
    const valid = r1 % 2 === 0 && state.gr(r3) === 0n && this.#request(state.gr(r1), state.gr(r1 + 1));
    if (!valid) state.injectProgram(ProgramInterruption.specification);
  }

  /** Stops the timer, as resets of the machine do. */
  reset(): void {
    this.#enabled = false;
    this.#cancel();
  }

  #request(code: bigint, seconds: bigint): boolean {
    switch (code) {
      case Operation.init:
        if (seconds < SHORTEST) return false;
        this.#enabled = true;
        this.#start(seconds);
        return true;
      case Operation.change:
        if (seconds < SHORTEST || !this.#enabled) return false;
        this.#start(seconds);
        return true;
      case Operation.cancel:
        if (!this.#enabled) return false;
        this.reset();
        return true;
      default:
        return false;
    }
  }

  #start(seconds: bigint): void {
    this.#cancel();
    const delay = seconds * 1000n;
    this.#wait(delay > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(delay));
  }

  #wait(milliseconds: number): void {
    const part = Math.min(milliseconds, LONGEST_DELAY);
    this.#cancel = this.#host.schedule(part, () => {
      if (milliseconds > part) this.#wait(milliseconds - part);
      else {
        this.reset();
        this.#host.onExpired();
      }
    });
  }
}
