/**
 * Bit fields in big-endian bytes, numbered as the manual does: bit 0 is the leftmost bit of the first byte.
 * Principles of Operation, "Organization and Addressing", section "Information Formats".
 */

interface BitField {
  readonly start: number;
  readonly length: number;
}

/** The unsigned value of up to 32 bits at `field`, counted from byte `offset`. Bytes past the end are zero. */
export function readBits(bytes: Uint8Array, offset: number, field: BitField): number {
  const end = field.start + field.length;
  const lastByte = (end - 1) >> 3;
  let value = 0;
  for (let index = field.start >> 3; index <= lastByte; index++) {
    value = value * 256 + (bytes[offset + index] ?? 0);
  }
  const below = (lastByte + 1) * 8 - end;
  return Math.floor(value / 2 ** below) % 2 ** field.length;
}

/** Sets the bits of `field` to the low bits of `value`, which may be negative. The bits must be zero before. */
export function orBits(bytes: Uint8Array, field: BitField, value: number): void {
  for (let bit = 0; bit < field.length; bit++) {
    const position = field.start + field.length - 1 - bit;
    const set = Math.floor(value / 2 ** bit) % 2 !== 0;
    if (set) bytes[position >> 3] = (bytes[position >> 3] ?? 0) | (0x80 >> (position & 7));
  }
}

/** `value`, an unsigned number of `length` bits, as a signed one. */
export function signed(value: number, length: number): number {
  return value >= 2 ** (length - 1) ? value - 2 ** length : value;
}
