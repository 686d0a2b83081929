/** Subchannel sets: up to 65,536 subchannels each (Principles of Operation, chapter 13, "Subchannel Set"). */
import type { Subchannel } from './subchannel.ts';
import type { SubchannelAddress } from './subsystem-identification.ts';

const SETS = 4;
const LAST_NUMBER = 0xffff;

class SubchannelSet {
  readonly subchannels = new Map<number, Subchannel>();
  /** The highest number in use; -1 in an empty set. */
  last = -1;
}

export class SubchannelSets {
  readonly #sets = new Map<number, SubchannelSet>();

  /** @throws {RangeError} When the address is none, or in use. */
  add(address: SubchannelAddress, subchannel: Subchannel): void {
    const { ssid, number } = address;
    if (ssid < 0 || ssid >= SETS || number < 0 || number > LAST_NUMBER) {
      throw new RangeError(`there is no subchannel ${number} in set ${ssid}`);
    }
    const set = this.#sets.get(key(address)) ?? new SubchannelSet();
    if (set.subchannels.has(number)) throw new RangeError(`two subchannels with number ${number}`);
    this.#sets.set(key(address), set);
    set.subchannels.set(number, subchannel);
    set.last = Math.max(set.last, number);
  }

  remove(address: SubchannelAddress): void {
    const set = this.#sets.get(key(address));
    if (!set?.subchannels.delete(address.number)) return;
    while (set.last >= 0 && !set.subchannels.has(set.last)) set.last--;
  }

  find(address: SubchannelAddress): Subchannel | undefined {
    return this.#sets.get(key(address))?.subchannels.get(address.number);
  }

  /** The highest number in use in the set; -1 when there is none. */
  last(address: SubchannelAddress): number {
    return this.#sets.get(key(address))?.last ?? -1;
  }

  /** The lowest number that is not in use; undefined in a set that is full. */
  free(cssid: number, ssid: number): number | undefined {
    const set = this.#sets.get(key({ cssid, ssid, number: 0 }));
    let number = 0;
    while (set?.subchannels.has(number)) number++;
    return number > LAST_NUMBER ? undefined : number;
  }

  /** Whether a channel subsystem has subchannels. */
  hasChannelSubsystem(cssid: number): boolean {
    for (const [at, set] of this.#sets) if (at >> 2 === cssid && set.last >= 0) return true;
    return false;
  }

  *all(): Generator<Subchannel> {
    for (const set of this.#sets.values()) yield* set.subchannels.values();
  }
}

function key(address: SubchannelAddress): number {
  return (address.cssid << 2) | address.ssid;
}
