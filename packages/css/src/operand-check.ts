/**
 * Reserved bits of what a program gives to MODIFY SUBCHANNEL and START SUBCHANNEL: an operand exception comes
 * before any look at the subchannel (Principles of Operation, chapter 14, "Special Conditions" of each).
 */
import { OrbControl, OrbControl1, orb, PmcwCharacteristic, PmcwFlag, schib } from '@zarch/arch';

/** A format-1 measurement block begins on a boundary of 64 bytes. */
const MEASUREMENT_BLOCK_ALIGNMENT = 0x3fn;
const HIGH_ORDER_BIT = 0x8000_0000;

/** Whether MODIFY SUBCHANNEL takes the block. */
export function validSchib(bytes: Uint8Array): boolean {
  const data = view(bytes, schib.size);
  const flags = data.getUint16(schib.flags);
  const characteristics = data.getUint32(schib.characteristics);
  if ((flags & PmcwFlag.reserved) !== 0 || (flags & PmcwFlag.limitMode) === PmcwFlag.limitMode) return false;
  if ((characteristics & PmcwCharacteristic.reserved) !== 0) return false;
  const format1 = (characteristics & PmcwCharacteristic.measurementBlockFormat) !== 0;
  return !format1 || (data.getBigUint64(schib.measurementBlockAddress) & MEASUREMENT_BLOCK_ALIGNMENT) === 0n;
}

/** Whether START SUBCHANNEL takes the block. There are no transport-mode programs. */
export function validOrb(bytes: Uint8Array): boolean {
  const data = view(bytes, orb.programAddress + 4);
  const control1 = data.getUint8(orb.control1);
  return (
    (data.getUint16(orb.control) & OrbControl.transport) === 0 &&
    (control1 & OrbControl1.reserved) === 0 &&
    (data.getUint32(orb.programAddress) & HIGH_ORDER_BIT) === 0
  );
}

function view(bytes: Uint8Array, size: number): DataView {
  if (bytes.length < size) throw new RangeError(`an operand of ${bytes.length} bytes instead of ${size}`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
