/** Hardware addresses of the guest's addresses, and packets that wait for one (the cache of ARP and of RFC 4861, 5.1). */
import type { IpAddress } from '../address.ts';
import type { Timer, Timers } from '../host.ts';
import { isGroupMac } from './ethernet.ts';

const MOST_NEIGHBORS = 256;
const MOST_UNRESOLVED = 16;
const MOST_WAITING = 16;
const SOLICITATIONS = 3;
const SOLICITATION_INTERVAL = 1000;

/** Called with the hardware address once it is known. */
type Ready = (mac: Uint8Array) => void;

interface Unresolved {
  readonly waiting: Ready[];
  asked: number;
  timer: Timer;
}

export class Neighbors {
  readonly #timers: Timers;
  readonly #solicit: (address: IpAddress) => void;
  readonly #known = new Map<IpAddress, Uint8Array>();
  readonly #unresolved = new Map<IpAddress, Unresolved>();

  /** @param solicit - Asks the guest's network who has an address. */
  constructor(timers: Timers, solicit: (address: IpAddress) => void) {
    this.#timers = timers;
    this.#solicit = solicit;
  }

  /** Remembers what a packet of the guest told. */
  learn(address: IpAddress, mac: Uint8Array): void {
    if (isGroupMac(mac)) return;
    // The oldest in a map is its first.
    this.#known.delete(address);
    this.#known.set(address, mac.slice());
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_NEIGHBORS) break;
      this.#known.delete(oldest);
    }
    const unresolved = this.#unresolved.get(address);
    if (!unresolved) return;
    this.#forget(address, unresolved);
    for (const ready of unresolved.waiting) ready(mac);
  }

  /** Calls back at once, later, or never where nobody answers. */
  resolve(address: IpAddress, ready: Ready): void {
    const mac = this.#known.get(address);
    if (mac) {
      ready(mac);
      return;
    }
    const unresolved = this.#unresolved.get(address) ?? this.#ask(address);
    if (unresolved && unresolved.waiting.length < MOST_WAITING) unresolved.waiting.push(ready);
  }

  close(): void {
    for (const [address, unresolved] of this.#unresolved) this.#forget(address, unresolved);
  }

  save(): readonly (readonly [IpAddress, Uint8Array])[] {
    return [...this.#known].map(([address, mac]) => [address, mac.slice()]);
  }

  restore(saved: readonly (readonly [IpAddress, Uint8Array])[]): void {
    this.close();
    this.#known.clear();
    for (const [address, mac] of saved) this.learn(address, mac);
  }

  #ask(address: IpAddress): Unresolved | undefined {
    if (this.#unresolved.size >= MOST_UNRESOLVED) return undefined;
    const again = () => {
      if (unresolved.asked === SOLICITATIONS) {
        this.#forget(address, unresolved);
        return;
      }
      unresolved.asked++;
      unresolved.timer = this.#timers.after(SOLICITATION_INTERVAL, again);
      this.#solicit(address);
    };
    const timer = this.#timers.after(SOLICITATION_INTERVAL, again);
    const unresolved: Unresolved = { waiting: [], asked: 1, timer };
    this.#unresolved.set(address, unresolved);
    this.#solicit(address);
    return unresolved;
  }

  #forget(address: IpAddress, { timer }: Unresolved): void {
    timer.cancel();
    this.#unresolved.delete(address);
  }
}
