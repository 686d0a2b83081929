/**
 * Store data (event type 0x0c): the program asks for a data entity that the machine's owner provided, such as its
 * configuration (Linux drivers/s390/char/sclp_sd.c). This machine has no entities and answers every request at
 * once, in the event buffer that brought it.
 */
import { type Payload, SclpEvent, SclpResponse } from '@zarch/arch';
import { type EventBuffer, type EventDevice, payloadData } from './event-device.ts';

/** Offsets after the event buffer's header. */
const layout = { qualifier: 0, flags: 2, status: 17, elementSize: 34, dataSize: 38, size: 42 } as const;
const Qualifier = { storeData: 0, halt: 1, size: 2 } as const;
/** The response is in this buffer; no event follows. */
const IMMEDIATE_RESPONSE = 0x80;
const Status = { complete: 0, noData: 3 } as const;
const VERSION = 1;

export class StoreData implements EventDevice {
  readonly name = 'sclp-store-data';
  readonly receives = [SclpEvent.storeData];
  readonly sends = [SclpEvent.storeData];

  connect(): void {}

  write(event: EventBuffer): number {
    const { content } = event;
    if (content.length < layout.size) return SclpResponse.inconsistentLengths;
    const data = new DataView(content.buffer, content.byteOffset);
    switch (data.getUint8(layout.qualifier)) {
      case Qualifier.storeData:
      case Qualifier.size:
        data.setUint8(layout.status, Status.noData);
        break;
      case Qualifier.halt:
        // Nothing runs on, so it has stopped.
        data.setUint8(layout.status, Status.complete);
        break;
      default:
        return SclpResponse.eventBufferSyntaxError;
    }
    data.setUint8(layout.flags, IMMEDIATE_RESPONSE);
    data.setUint32(layout.elementSize, 0);
    data.setUint32(layout.dataSize, 0);
    event.accepted = true;
    return SclpResponse.normalCompletion;
  }

  pending(): boolean {
    return false;
  }

  take(): undefined {
    return undefined;
  }

  reset(): void {}

  save(): Payload {
    return { name: this.name, version: VERSION, data: {} };
  }

  restore(state: Payload): void {
    payloadData(state, this.name, VERSION);
  }
}
