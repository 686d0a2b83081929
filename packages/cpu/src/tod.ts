/** The TOD clock's units and epoch (Principles of Operation, chapter 4, "TOD Clock"). */

/** TOD-clock units in a microsecond: bit 51 is incremented every microsecond. */
export const TOD_PER_MICROSECOND = 4096n;

/** The TOD clock at the start of 1970; its epoch is 1900. */
export const TOD_UNIX_EPOCH = 0x7d91_048b_ca00_0000n;

/** The clock value at a time in milliseconds since 1970, exact to about a nanosecond. */
export function todFromUnix(milliseconds: number): bigint {
  const whole = Math.floor(milliseconds);
  const fraction = BigInt(Math.floor((milliseconds - whole) * 4_096_000));
  return TOD_UNIX_EPOCH + BigInt(whole) * 4_096_000n + fraction;
}

/** How long a number of clock units is, in milliseconds. */
export function todToMilliseconds(units: bigint): number {
  return Number(units) / 4_096_000;
}
