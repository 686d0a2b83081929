/** Puts fragments of the guest's packets together (RFC 791, section 3.2; RFC 8200, section 4.5), within bounds. */

const MOST_PACKETS = 16;
const MOST_FRAGMENTS = 64;
const LARGEST_PAYLOAD = 65535;
/** RFC 8200 has 60 seconds, RFC 1122 asks for 60 to 120, Linux has 30. */
const TIME_LIMIT = 30_000;

export interface Fragment {
  /** What all fragments of a packet, and no others, have in common. */
  readonly key: string;
  readonly offset: number;
  readonly more: boolean;
  readonly bytes: Uint8Array;
}

interface Incomplete {
  readonly since: number;
  readonly pieces: { readonly offset: number; readonly bytes: Uint8Array }[];
  received: number;
  length: number | undefined;
}

export class Reassembly {
  readonly #now: () => number;
  readonly #packets = new Map<string, Incomplete>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get waiting(): number {
    return this.#packets.size;
  }

  /** @returns The whole payload once its last missing fragment has come; `malformed` when fragments do not fit. */
  add({ key, offset, more, bytes }: Fragment): Uint8Array | 'incomplete' | 'malformed' {
    this.#expire();
    const packet = this.#packets.get(key) ?? this.#begin(key);
    const end = offset + bytes.length;
    const fits = this.#fits(packet, offset, end, more);
    if (!fits) {
      this.#packets.delete(key);
      return 'malformed';
    }
    // The same fragment again is no harm.
    if (fits === 'duplicate') return 'incomplete';
    packet.pieces.push({ offset, bytes: bytes.slice() });
    packet.received += bytes.length;
    if (!more) packet.length = end;
    if (packet.received !== packet.length) return 'incomplete';
    this.#packets.delete(key);
    const whole = new Uint8Array(packet.length);
    for (const piece of packet.pieces) whole.set(piece.bytes, piece.offset);
    return whole;
  }

  /** Overlapping fragments are an attack on firewalls and nothing else (RFC 5722). */
  #fits(packet: Incomplete, offset: number, end: number, more: boolean): boolean | 'duplicate' {
    if (end > LARGEST_PAYLOAD || (more && (end === offset || (end - offset) % 8 !== 0))) return false;
    if (packet.pieces.some((piece) => piece.offset === offset && piece.bytes.length === end - offset))
      return 'duplicate';
    if (packet.pieces.length === MOST_FRAGMENTS) return false;
    if (packet.pieces.some((piece) => offset < piece.offset + piece.bytes.length && piece.offset < end))
      return false;
    if (packet.length !== undefined) return more && end <= packet.length;
    return more || packet.pieces.every((piece) => piece.offset + piece.bytes.length <= offset);
  }

  #begin(key: string): Incomplete {
    for (const oldest of this.#packets.keys()) {
      if (this.#packets.size < MOST_PACKETS) break;
      this.#packets.delete(oldest);
    }
    const packet: Incomplete = { since: this.#now(), pieces: [], received: 0, length: undefined };
    this.#packets.set(key, packet);
    return packet;
  }

  #expire(): void {
    for (const [key, { since }] of this.#packets) {
      if (this.#now() - since < TIME_LIMIT) return;
      this.#packets.delete(key);
    }
  }
}
