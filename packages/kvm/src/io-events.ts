/**
 * Notifications of devices by DIAGNOSE 500 that are answered at once and served later by another thread (what
 * ioeventfds are to Linux, virt/kvm/eventfd.c and arch/s390/kvm/diag.c). A table in host storage says which
 * notifications there are; the thread of the devices adds to it what it has answered itself once.
 */
import type { HostStorage } from '@zarch/memory';

const ENTRIES = 256;
/** Words of an entry. */
const Entry = { subsystem: 0, queue: 1, pending: 2, words: 4 } as const;
/** Words ahead of the entries: how many there are, and whether one has become pending. */
const Head = { count: 0, signalled: 1, words: 4 } as const;

export interface IoEvent {
  /** The subsystem-identification word by which the guest names the device. */
  readonly subsystem: number;
  readonly queue: number;
}

export class IoEvents {
  readonly #words: Int32Array;

  constructor(host: HostStorage) {
    const words = Head.words + ENTRIES * Entry.words;
    this.#words = new Int32Array(host.memory.buffer, host.allocate(words * 4, 64), words);
  }

  /** Adds an event, if there is room and it is not there yet. Only the thread of the devices does. */
  add({ subsystem, queue }: IoEvent): void {
    const count = Atomics.load(this.#words, Head.count);
    if (count === ENTRIES || this.#find(subsystem, queue, count) !== undefined) return;
    const at = entry(count);
    Atomics.store(this.#words, at + Entry.subsystem, subsystem);
    Atomics.store(this.#words, at + Entry.queue, queue);
    Atomics.store(this.#words, at + Entry.pending, 0);
    Atomics.store(this.#words, Head.count, count + 1);
  }

  /**
   * Makes an event pending.
   *
   * @param cookie - What the last signal returned, which finds the event sooner.
   * @returns The event's cookie, and whether its thread is to be told; undefined when there is no such event.
   */
  signal(
    { subsystem, queue }: IoEvent,
    cookie: bigint,
  ): { readonly cookie: number; readonly tell: boolean } | undefined {
    const count = Atomics.load(this.#words, Head.count);
    const known = cookie >= 0n && cookie < BigInt(count) && this.#is(Number(cookie), subsystem, queue);
    const index = known ? Number(cookie) : this.#find(subsystem, queue, count);
    if (index === undefined) return undefined;
    Atomics.store(this.#words, entry(index) + Entry.pending, 1);
    return { cookie: index, tell: Atomics.exchange(this.#words, Head.signalled, 1) === 0 };
  }

  /** Takes the events that are pending. */
  take(): readonly IoEvent[] {
    if (Atomics.exchange(this.#words, Head.signalled, 0) === 0) return [];
    const events: IoEvent[] = [];
    const count = Atomics.load(this.#words, Head.count);
    for (let index = 0; index < count; index++) {
      const at = entry(index);
      if (Atomics.exchange(this.#words, at + Entry.pending, 0) === 0) continue;
      const subsystem = Atomics.load(this.#words, at + Entry.subsystem);
      events.push({ subsystem: subsystem >>> 0, queue: Atomics.load(this.#words, at + Entry.queue) });
    }
    return events;
  }

  /** Forgets all events: after a reset the guest may name devices otherwise. */
  clear(): void {
    Atomics.store(this.#words, Head.count, 0);
    Atomics.store(this.#words, Head.signalled, 0);
  }

  #find(subsystem: number, queue: number, count: number): number | undefined {
    for (let index = 0; index < count; index++) if (this.#is(index, subsystem, queue)) return index;
    return undefined;
  }

  #is(index: number, subsystem: number, queue: number): boolean {
    const at = entry(index);
    if (Atomics.load(this.#words, at + Entry.subsystem) !== (subsystem | 0)) return false;
    return Atomics.load(this.#words, at + Entry.queue) === queue;
  }
}

function entry(index: number): number {
  return Head.words + index * Entry.words;
}
