/** Packets of the GDB remote serial protocol (GDB manual, appendix "GDB Remote Serial Protocol", "Overview"). */

const DOLLAR = 0x24;
const HASH = 0x23;
const ESCAPE = 0x7d;
const REPEAT = 0x2a;
const ESCAPE_BIT = 0x20;
const INTERRUPT = 0x03;

/** Longest packet that is taken, in bytes between `$` and `#`, as announced to the debugger. */
export const PACKET_SIZE = 0x4000;

export type PacketEvent =
  | { readonly kind: 'packet'; readonly payload: Uint8Array }
  /** A packet whose checksum is wrong, or that is too long. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'acknowledged'; readonly positive: boolean }
  /** The byte 03 between packets. */
  | { readonly kind: 'interrupt' };

/** `$payload#checksum`, with what must not occur in it escaped. */
export function encodePacket(payload: string | Uint8Array): Uint8Array {
  const raw = typeof payload === 'string' ? latin1(payload) : payload;
  const out: number[] = [DOLLAR];
  let sum = 0;
  const put = (byte: number) => {
    out.push(byte);
    sum = (sum + byte) & 0xff;
  };
  for (const byte of raw) {
    if (byte === DOLLAR || byte === HASH || byte === ESCAPE || byte === REPEAT) {
      put(ESCAPE);
      put(byte ^ ESCAPE_BIT);
    } else put(byte);
  }
  return Uint8Array.from([...out, HASH, ...latin1(hexByte(sum))]);
}

/** Takes a stream of bytes apart. */
export class PacketReader {
  #state: 'between' | 'payload' | 'checksum' = 'between';
  #payload: number[] = [];
  #checksum = '';

  read(bytes: Uint8Array): readonly PacketEvent[] {
    const events: PacketEvent[] = [];
    for (const byte of bytes) {
      const event = this.#take(byte);
      if (event) events.push(event);
    }
    return events;
  }

  #take(byte: number): PacketEvent | undefined {
    switch (this.#state) {
      case 'between':
        if (byte === DOLLAR) this.#start();
        else if (byte === INTERRUPT) return { kind: 'interrupt' };
        else if (byte === 0x2b || byte === 0x2d) return { kind: 'acknowledged', positive: byte === 0x2b };
        return undefined;
      case 'payload':
        if (byte === DOLLAR) this.#start();
        else if (byte === HASH) this.#state = 'checksum';
        // What is too long is counted and not kept.
        else if (this.#payload.length <= PACKET_SIZE) this.#payload.push(byte);
        return undefined;
      case 'checksum':
        this.#checksum += String.fromCharCode(byte);
        if (this.#checksum.length < 2) return undefined;
        this.#state = 'between';
        return this.#finish();
    }
  }

  #start(): void {
    this.#state = 'payload';
    this.#payload = [];
    this.#checksum = '';
  }

  #finish(): PacketEvent {
    const sum = this.#payload.reduce((total, byte) => (total + byte) & 0xff, 0);
    const whole = this.#payload.length <= PACKET_SIZE;
    if (!whole || this.#checksum.toLowerCase() !== hexByte(sum)) return { kind: 'damaged' };
    return { kind: 'packet', payload: unescaped(this.#payload) };
  }
}

function unescaped(bytes: readonly number[]): Uint8Array {
  const out: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    out.push(byte === ESCAPE ? (bytes[++i] ?? 0) ^ ESCAPE_BIT : byte);
  }
  return Uint8Array.from(out);
}

export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}
export function fromLatin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
export function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0');
}
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, hexByte).join('');
}
/** Undefined unless `text` is pairs of hexadecimal digits. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}
