/** Which frames a network device lets through to its driver (Virtual I/O Device 1.3, section 5.1.6.5, 1 to 3). */
import { ethernet, MAC_SIZE, RxMode, VLANS } from './net-layout.ts';

/** Addresses that a table holds. With more of them, all of that kind go through. */
const TABLE_LIMIT = 64;
const MODES = Object.keys(RxMode).length;

export interface SavedFilter {
  readonly modes: readonly boolean[];
  readonly unicast: readonly string[];
  readonly multicast: readonly string[];
  readonly unicastOverflow: boolean;
  readonly multicastOverflow: boolean;
  readonly vlans: Uint8Array;
}

interface AddressTable {
  readonly addresses: ReadonlySet<string>;
  readonly overflow: boolean;
}

const EMPTY: AddressTable = { addresses: new Set(), overflow: false };

/** Until the driver sets a mode, everything goes through. */
export class ReceiveFilter {
  #modes: readonly boolean[] = initialModes();
  #unicast = EMPTY;
  #multicast = EMPTY;
  #vlans = new Uint8Array(VLANS / 8);

  /** Switches a mode; false for one that does not exist. */
  setMode(mode: number, on: boolean): boolean {
    if (mode >= MODES) return false;
    this.#modes = this.#modes.with(mode, on);
    return true;
  }

  /** Sets both tables of MAC addresses. */
  setTables(unicast: readonly Uint8Array[], multicast: readonly Uint8Array[]): void {
    this.#unicast = table(unicast);
    this.#multicast = table(multicast);
  }

  setVlan(id: number, on: boolean): boolean {
    if (id >= VLANS) return false;
    const bit = 1 << (id & 7);
    const byte = this.#vlans[id >> 3] ?? 0;
    this.#vlans[id >> 3] = on ? byte | bit : byte & ~bit;
    return true;
  }

  /**
   * Whether a frame, which has a whole Ethernet header, goes through.
   *
   * @param mac - The device's address.
   * @param byVlan - Whether virtual LANs are filtered.
   */
  passes(frame: Uint8Array, mac: Uint8Array, byVlan: boolean): boolean {
    if (byVlan && !this.#passesVlan(frame)) return false;
    const mode = (number: number) => this.#modes[number] ?? false;
    if (mode(RxMode.promiscuous)) return true;
    const target = frame.subarray(0, MAC_SIZE);
    if (((target[0] ?? 0) & 1) !== 0) {
      if (target.every((byte) => byte === 0xff)) return !mode(RxMode.noBroadcast);
      if (mode(RxMode.noMulticast)) return false;
      return mode(RxMode.allMulticast) || holds(this.#multicast, target);
    }
    if (mode(RxMode.noUnicast)) return false;
    if (mode(RxMode.allUnicast) || target.every((byte, i) => byte === mac[i])) return true;
    return holds(this.#unicast, target);
  }

  reset(): void {
    this.#modes = initialModes();
    this.#unicast = EMPTY;
    this.#multicast = EMPTY;
    this.#vlans = new Uint8Array(VLANS / 8);
  }

  save(): SavedFilter {
    return {
      modes: this.#modes,
      unicast: [...this.#unicast.addresses],
      multicast: [...this.#multicast.addresses],
      unicastOverflow: this.#unicast.overflow,
      multicastOverflow: this.#multicast.overflow,
      vlans: this.#vlans.slice(),
    };
  }

  restore(saved: SavedFilter): void {
    this.#modes = saved.modes;
    this.#unicast = { addresses: new Set(saved.unicast), overflow: saved.unicastOverflow };
    this.#multicast = { addresses: new Set(saved.multicast), overflow: saved.multicastOverflow };
    this.#vlans = saved.vlans.slice();
  }

  #passesVlan(frame: Uint8Array): boolean {
    const at = (offset: number) => ((frame[offset] ?? 0) << 8) | (frame[offset + 1] ?? 0);
    if (at(ethernet.type) !== ethernet.vlanType) return true;
    const id = at(ethernet.vlan) & (VLANS - 1);
    return ((this.#vlans[id >> 3] ?? 0) & (1 << (id & 7))) !== 0;
  }
}

function initialModes(): readonly boolean[] {
  return Array.from({ length: MODES }, (_, mode) => mode === RxMode.promiscuous);
}

function table(addresses: readonly Uint8Array[]): AddressTable {
  if (addresses.length > TABLE_LIMIT) return { addresses: new Set(), overflow: true };
  return { addresses: new Set(addresses.map(key)), overflow: false };
}

function holds({ addresses, overflow }: AddressTable, address: Uint8Array): boolean {
  return overflow || addresses.has(key(address));
}

function key(address: Uint8Array): string {
  return address.join(':');
}
