/**
 * The MDS message unit that an operator's command travels in: general data stream vectors and subvectors inside
 * each other, each with its length first (Linux drivers/s390/char/sclp_tty.c).
 */
import { gds } from '@zarch/arch';

/** Bytes of text that fit: the two enclosing subvectors have lengths of one byte. */
export const MAXIMUM_TEXT = 255 - 2 * gds.subvectorSize;

/**
 * Wraps a command.
 *
 * @param text - At most {@link MAXIMUM_TEXT} bytes of EBCDIC.
 */
export function messageUnit(text: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = subvector(gds.textMessage, text);
  const selfDefining = subvector(gds.selfDefiningTextMessage, message);
  return vector(gds.mdsMessageUnit, vector(gds.cpMessageUnit, vector(gds.textCommand, selfDefining)));
}

function vector(id: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = gds.vectorSize + content.length;
  return Uint8Array.of(length >> 8, length & 0xff, id >> 8, id & 0xff, ...content);
}

function subvector(key: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = gds.subvectorSize + content.length;
  if (length > 255) throw new RangeError(`a subvector of ${length} bytes`);
  return Uint8Array.of(length, key, ...content);
}
