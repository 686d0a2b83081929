/**
 * A program's side of the SCLP for tests: builds control blocks in a small storage, calls, and keeps the service
 * signals until it takes them.
 */
import { absolute, eventBuffer, eventMask, eventMaskBit, SclpCommand, sccbHeader } from '@zarch/arch';
import { type GuestStorage, StorageView } from '@zarch/memory';
import type { EventDevice } from './event-device.ts';
import { Sclp, type ServiceCallResult } from './sclp.ts';
import type { SclpMachine } from './scp-info.ts';

const MIB = 1 << 20;

/** A machine with one CPU and the storage given, without any optional facility. */
export function plainMachine(changes: Partial<SclpMachine> = {}): SclpMachine {
  return {
    memorySize: MIB,
    cpus: () => [{ address: 0, type: 0 }],
    maximumCpus: 1,
    ibc: { lowest: 0, unblocked: 0 },
    loadParameter: '',
    characteristics: new Set(),
    extendedLengthSccb: false,
    ...changes,
  };
}

/** An event buffer in a program's hands. */
export interface ReadEvent {
  readonly type: number;
  readonly content: Uint8Array;
}

export class GuestDriver {
  readonly sclp: Sclp;
  readonly storage: GuestStorage;
  /** Where the control block is. */
  readonly sccb: number;
  readonly prefix: number;
  /** Parameter of the pending service signal. */
  signal = 0;

  constructor(
    options: { machine?: SclpMachine; devices?: readonly EventDevice[]; sccb?: number; prefix?: number } = {},
  ) {
    const machine = options.machine ?? plainMachine();
    const buffer = new ArrayBuffer(MIB);
    this.storage = {
      size: MIB,
      view: (address, length) =>
        address + length > MIB ? undefined : new StorageView(buffer, MIB - address, length),
    };
    this.sccb = options.sccb ?? 0x10000;
    this.prefix = options.prefix ?? 0;
    const host = {
      storage: this.storage,
      raiseServiceSignal: (parameter: number) => {
        this.signal |= parameter;
      },
      pendingServiceSignal: () => this.signal,
    };
    this.sclp = new Sclp(host, machine, ...(options.devices ?? []));
  }

  /** Takes the service signal. */
  takeSignal(): number {
    const signal = this.signal;
    this.signal = 0;
    return signal;
  }

  /** Executes SERVICE CALL on a block that starts with the bytes given, and takes the signal of its completion. */
  call(command: number, block: Uint8Array): { result: ServiceCallResult; response: number; signal: number } {
    const view = this.#view(block.length);
    view.setBytes(0, block);
    const result = this.sclp.serviceCall(command, this.sccb, this.prefix);
    return { result, response: view.u16(sccbHeader.responseCode), signal: this.takeSignal() };
  }

  /** The block as it is in storage now. */
  block(length = 4096): Uint8Array {
    return this.#view(length).bytes();
  }

  /** WRITE EVENT MASK for the types given; returns the masks of the SCLP. */
  listen(
    receive: readonly number[],
    send: readonly number[] = [],
    length = 8,
  ): { receive: bigint; send: bigint } {
    const block = header(eventMask.masks + 4 * length);
    new DataView(block.buffer).setUint16(eventMask.maskLength, length);
    block.set(maskBytes(receive, length), eventMask.masks);
    block.set(maskBytes(send, length), eventMask.masks + length);
    const { response } = this.call(SclpCommand.writeEventMask, block);
    if (response !== 0x0020) throw new Error(`WRITE EVENT MASK: ${response.toString(16)}`);
    const mask = (index: number) => {
      const at = eventMask.masks + index * length;
      const bytes = this.block(block.length).subarray(at, at + length);
      return Array.from({ length: 8 }, (_, i) => bytes[i] ?? 0).reduce(
        (value, byte) => (value << 8n) | BigInt(byte),
        0n,
      );
    };
    return { receive: mask(2), send: mask(3) };
  }

  /** WRITE EVENT DATA with the buffers given. */
  write(...events: readonly Uint8Array[]): { response: number; signal: number } {
    return this.call(SclpCommand.writeEventData, writeBlock(...events));
  }

  /** READ EVENT DATA, unconditional, into a whole page. */
  read(length = 4096): { response: number; signal: number; events: ReadEvent[] } {
    const block = header(length);
    block[sccbHeader.controlMask] = 0x80;
    const { response, signal } = this.call(SclpCommand.readEventData, block);
    return { response, signal, events: response === 0x0020 ? events(this.block(length)) : [] };
  }

  #view(length: number): StorageView {
    const view = this.storage.view(absolute(this.sccb), length);
    if (view === undefined) throw new RangeError('the block is outside the storage');
    return view;
  }
}

/** A block of zeros with its length in its header. */
export function header(length: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(length);
  new DataView(block.buffer).setUint16(sccbHeader.length, length);
  return block;
}

/** A block for WRITE EVENT DATA. */
export function writeBlock(...events: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const block = header(sccbHeader.size + events.reduce((sum, event) => sum + event.length, 0));
  let at: number = sccbHeader.size;
  for (const event of events) {
    block.set(event, at);
    at += event.length;
  }
  return block;
}

function maskBytes(types: readonly number[], length: number): Uint8Array {
  const mask = types.reduce((value, type) => value | eventMaskBit(type), 0n);
  return Uint8Array.from({ length }, (_, i) => (i < 8 ? Number((mask >> BigInt(56 - 8 * i)) & 0xffn) : 0));
}

function events(block: Uint8Array): ReadEvent[] {
  const data = new DataView(block.buffer, block.byteOffset);
  const found: ReadEvent[] = [];
  for (let at: number = sccbHeader.size; at < data.getUint16(sccbHeader.length); ) {
    const length = data.getUint16(at + eventBuffer.length);
    if (length === 0) break;
    const content = block.slice(at + eventBuffer.size, at + length);
    found.push({ type: data.getUint8(at + eventBuffer.type), content });
    at += length;
  }
  return found;
}
