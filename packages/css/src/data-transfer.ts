/**
 * The data of one command, through data chaining, in both directions (Principles of Operation, chapter 15, "Data
 * Chaining" and "Skipping").
 *
 * The next CCW of a data chain is fetched as soon as a count is exhausted; what is wrong with it is status even if
 * the device asks for nothing more. What is wrong with an area is status only once it is accessed.
 */
import { CcwFlag, SubchannelStatus } from '@zarch/arch';
import { type AddressLimit, withinLimit } from './address-limit.ts';
import { type Ccw, type CcwCheck, type CommandKind, hasFlag, isCcwCheck } from './channel-command-word.ts';
import type { CommandData } from './channel-device.ts';
import type { ChannelStorage, StorageCheck } from './channel-storage.ts';
import { type Chunk, type DataArea, dataArea } from './data-area.ts';
import type { OperationRequest } from './operation-request.ts';

export interface TransferContext {
  readonly storage: ChannelStorage;
  readonly request: OperationRequest;
  readonly limit: AddressLimit | undefined;
  /** Fetches the CCW that data chaining makes current. */
  chain(ccw: Ccw): Ccw | CcwCheck;
}

/** The most that one call transfers. */
const CALL_LIMIT = 1 << 24;

export class DataTransfer implements CommandData {
  readonly count: number;
  readonly #context: TransferContext;
  readonly #kind: CommandKind;
  readonly #first: Ccw;
  #ccw: Ccw;
  #area: DataArea;
  #residual: number;
  #status: StorageCheck | 0 = 0;
  #programAddress: number | undefined;
  #attempted = false;
  #excess = false;
  #open = true;

  constructor(context: TransferContext, ccw: Ccw, kind: CommandKind) {
    this.#context = context;
    this.#kind = kind;
    this.#first = ccw;
    this.#ccw = ccw;
    this.count = ccw.count;
    this.#residual = ccw.count;
    this.#area = dataArea(context.storage, context.request, ccw, kind);
  }

  /** The current CCW. */
  get ccw(): Ccw {
    return this.#ccw;
  }
  /** Bytes of the current CCW that were not transferred. */
  get residual(): number {
    return this.#residual;
  }
  /** The check that ended the transfer, or zero. */
  get status(): StorageCheck | 0 {
    return this.#status;
  }
  /** The CCW address that belongs to the status. */
  get programAddress(): number {
    return this.#programAddress ?? this.#ccw.address + 8;
  }
  /** The device has asked for data or offered some. */
  get attempted(): boolean {
    return this.#attempted;
  }
  /** The device had more data, or wanted more, than the program. */
  get excess(): boolean {
    return this.#excess;
  }

  /** Lets nothing more through: the command has ended. */
  close(): void {
    this.#open = false;
  }

  read(length: number): Uint8Array {
    if (this.#kind !== 'write' && this.#kind !== 'control') {
      throw new TypeError(`a device cannot read the data of a ${this.#kind} command`);
    }
    const parts: Uint8Array[] = [];
    const done = this.#move(length, (chunk) => {
      const bytes = this.#context.storage.fetch(chunk.address, chunk.length, this.#context.request.key);
      if (typeof bytes === 'number') return bytes;
      parts.push(bytes);
      return undefined;
    });
    if (parts.length === 1 && parts[0] !== undefined) return parts[0];
    const result = new Uint8Array(done);
    let at = 0;
    for (const part of parts) {
      result.set(part, at);
      at += part.length;
    }
    return result;
  }

  write(bytes: Uint8Array): number {
    if (this.#kind === 'write' || this.#kind === 'control') {
      throw new TypeError(`a device cannot give data to a ${this.#kind} command`);
    }
    const backward = this.#kind === 'read-backward';
    return this.#move(bytes.length, (chunk, at) => {
      const part = bytes.subarray(at, at + chunk.length);
      const ordered = backward ? part.slice().reverse() : part;
      return this.#context.storage.store(chunk.address, ordered, this.#context.request.key);
    });
  }

  peek(length: number): Uint8Array {
    if (!this.#open) return new Uint8Array(0);
    // Data chaining would have effects of its own.
    const chain = () => ({ status: SubchannelStatus.programCheck, programAddress: 0 });
    return new DataTransfer({ ...this.#context, chain }, this.#first, 'write').read(
      Math.min(length, this.count),
    );
  }

  /** Moves up to `length` bytes in chunks and counts them. */
  #move(length: number, access: (chunk: Chunk, at: number) => StorageCheck | undefined): number {
    if (!this.#open || length <= 0) return 0;
    this.#attempted = true;
    const wanted = Math.min(length, CALL_LIMIT);
    let done = 0;
    while (done < wanted && this.#status === 0) {
      if (this.#residual === 0) {
        this.#excess = true;
        break;
      }
      const chunk = this.#area.take(Math.min(this.#residual, wanted - done));
      if (typeof chunk === 'number') {
        this.#status = chunk;
        break;
      }
      const check = this.#access(chunk, done, access);
      if (check !== undefined) {
        this.#status = check;
        break;
      }
      done += chunk.length;
      this.#residual -= chunk.length;
      if (this.#residual === 0) this.#exhausted();
    }
    return done;
  }

  #access(
    chunk: Chunk,
    at: number,
    access: (chunk: Chunk, at: number) => StorageCheck | undefined,
  ): StorageCheck | undefined {
    if (chunk.skip) return undefined;
    return withinLimit(chunk.address, this.#context.limit)
      ? access(chunk, at)
      : SubchannelStatus.programCheck;
  }

  /** The count of the current CCW is exhausted: the next one of the data chain becomes current. */
  #exhausted(): void {
    const check = this.#area.finish();
    if (check !== undefined) {
      this.#status = check;
      return;
    }
    if (!hasFlag(this.#ccw, CcwFlag.chainData)) return;
    const next = this.#context.chain(this.#ccw);
    if (isCcwCheck(next)) {
      this.#status = next.status;
      this.#programAddress = next.programAddress;
      return;
    }
    this.#ccw = next;
    this.#residual = next.count;
    this.#area = dataArea(this.#context.storage, this.#context.request, next, this.#kind);
  }
}
