/**
 * Message data blocks: a general object and the lines of text of one message
 * (Linux drivers/s390/char/sclp_rw.h, QEMU include/hw/s390x/event-facility.h).
 */
import { mdb } from '@zarch/arch';

export interface OperatorMessage {
  /** In EBCDIC. */
  readonly lines: readonly Uint8Array[];
  /** Whether the program asks for an audible alarm. */
  readonly alarm: boolean;
}

/** Reads a message data block; undefined when its lengths contradict each other. Unknown objects are skipped. */
export function parseMessage(bytes: Uint8Array): OperatorMessage | undefined {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < mdb.header.size) return undefined;
  const end = data.getUint16(mdb.header.length);
  if (end < mdb.header.size || end > bytes.length) return undefined;

  const lines: Uint8Array[] = [];
  let alarm = false;
  for (let at: number = mdb.header.size; at < end; ) {
    if (end - at < mdb.object.size) return undefined;
    const length = data.getUint16(at + mdb.object.length);
    if (length < mdb.object.size || length > end - at) return undefined;
    switch (data.getUint16(at + mdb.object.type)) {
      case mdb.text.type:
        if (length < mdb.text.text) return undefined;
        lines.push(bytes.subarray(at + mdb.text.text, at + length));
        break;
      case mdb.general.type:
        if (length < mdb.general.flags + 2) return undefined;
        alarm = (data.getUint16(at + mdb.general.flags) & mdb.general.soundAlarm) !== 0;
        break;
    }
    at += length;
  }
  return { lines, alarm };
}
