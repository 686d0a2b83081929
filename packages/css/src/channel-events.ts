/**
 * Events that the channel subsystem tells of by STORE EVENT INFORMATION, a command of CHANNEL SUBSYSTEM CALL (Linux
 * drivers/s390/cio/chsc.c): first a channel report says that there are some.
 */

export type ChannelEvent =
  | {
      /** About channel paths and what is behind them. */
      readonly type: 0;
      /** One of `ChannelEventContent`. */
      readonly contentCode: number;
      /** What reports, such as 4 for a channel path, and which one it is. */
      readonly source: number;
      readonly sourceId: number;
      readonly content?: Uint8Array;
    }
  | {
      /** About PCI functions. */
      readonly type: 2;
      readonly contentCode: number;
      readonly content: Uint8Array;
    };

/** Events that wait at most; one that finds no room is lost. */
const LIMIT = 64;

export class ChannelEvents {
  #events: ChannelEvent[] = [];
  #lost = false;

  add(event: ChannelEvent): void {
    if (this.#events.length < LIMIT) this.#events.push(event);
    else this.#lost = true;
  }

  /** Takes the oldest event of one of the types, with what else there is to say. */
  take(
    types: ReadonlySet<number>,
  ): { readonly event: ChannelEvent; readonly more: boolean; readonly lost: boolean } | undefined {
    const index = this.#events.findIndex((event) => types.has(event.type));
    if (index < 0) return undefined;
    const [event] = this.#events.splice(index, 1);
    if (event === undefined) return undefined;
    const lost = this.#lost;
    this.#lost = false;
    return { event, more: this.#events.some((other) => types.has(other.type)), lost };
  }

  get events(): readonly ChannelEvent[] {
    return this.#events.slice();
  }

  set events(events: readonly ChannelEvent[]) {
    this.#events = events.slice();
    this.#lost = false;
  }
}
