/**
 * The line-mode console (operating system messages): a program writes lines of EBCDIC as message events, and reads
 * the operator's lines as operations commands, or as priority commands when it listens to those alone.
 */
import { eventBuffer, type Payload, SclpEvent, SclpResponse } from '@zarch/arch';
import { type CodePage, fromEbcdic, toEbcdic } from './ebcdic.ts';
import { type EventBuffer, type EventDevice, makeEvent, payloadData } from './event-device.ts';
import { parseMessage } from './message-data-block.ts';
import { MAXIMUM_TEXT, messageUnit } from './message-unit.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BELL = 0x07;
const INPUT_LIMIT = 65536;
const VERSION = 1;

export interface LineModeConsoleOptions {
  /** Gets what the program writes, in UTF-8; every line ends in a line feed, and a sounded alarm is a BEL before it. */
  readonly onOutput: (bytes: Uint8Array) => void;
  /** Called when the program has read input after {@link LineModeConsole.input} had to refuse some. */
  readonly onRoom?: () => void;
  /** Of the text on both ways. Default: code page 500, as on a machine without z/VM. */
  readonly codePage?: CodePage;
}

interface SavedConsole {
  readonly lines: readonly Uint8Array[];
  readonly partial: Uint8Array;
}

export class LineModeConsole implements EventDevice {
  readonly name = 'sclp-line-mode-console';
  readonly receives = [SclpEvent.message, SclpEvent.priorityMessageCommand];
  readonly sends = [SclpEvent.operationsCommand, SclpEvent.priorityMessageCommand];
  readonly #options: LineModeConsoleOptions;
  readonly #codePage: CodePage;
  /** Whole commands in EBCDIC, the next one first. */
  #lines: Uint8Array[] = [];
  /** The line being typed, in UTF-8. */
  #partial: number[] = [];
  #waiting = 0;
  #afterReturn = false;
  #refused = false;
  #signal: () => void = () => {};

  constructor(options: LineModeConsoleOptions) {
    this.#options = options;
    this.#codePage = options.codePage ?? 'cp500';
  }

  connect(signal: () => void): void {
    this.#signal = signal;
  }

  /**
   * What the operator types in UTF-8, in pieces of any size; a line feed, a carriage return or both end a command.
   * A line of more than 251 characters reaches the program as several commands: no message holds more.
   *
   * @returns How many of the bytes were taken: fewer than given when the program does not read.
   */
  input(bytes: Uint8Array): number {
    const before = this.#lines.length;
    let count = 0;
    for (const byte of bytes) {
      if (this.#waiting + this.#partial.length >= INPUT_LIMIT) break;
      count += 1;
      const paired = byte === LINE_FEED && this.#afterReturn;
      this.#afterReturn = byte === CARRIAGE_RETURN;
      if (paired) continue;
      if (byte === LINE_FEED || byte === CARRIAGE_RETURN) this.#endLine();
      else this.#partial.push(byte);
    }
    this.#refused ||= count < bytes.length;
    if (this.#lines.length > before) this.#signal();
    return count;
  }

  write(event: EventBuffer): number {
    const message = parseMessage(event.content);
    if (message === undefined) return SclpResponse.inconsistentLengths;
    const output: number[] = message.alarm ? [BELL] : [];
    for (const line of message.lines) output.push(...fromEbcdic(line, this.#codePage), LINE_FEED);
    if (output.length > 0) this.#options.onOutput(Uint8Array.from(output));
    event.accepted = true;
    return SclpResponse.normalCompletion;
  }

  pending(type: number): boolean {
    return (this.sends as readonly number[]).includes(type) && this.#lines.length > 0;
  }

  take(type: number, room: number): Uint8Array | undefined {
    const [line] = this.#lines;
    if (line === undefined || !this.pending(type)) return undefined;
    const unit = messageUnit(line);
    if (eventBuffer.size + unit.length > room) return undefined;
    this.#lines.shift();
    this.#waiting -= lineCost(line);
    if (this.#refused) {
      this.#refused = false;
      this.#options.onRoom?.();
    }
    return makeEvent(type, unit);
  }

  reset(): void {
    this.#set([], new Uint8Array());
  }

  save(): Payload {
    const data: SavedConsole = {
      lines: this.#lines.map((line) => line.slice()),
      partial: Uint8Array.from(this.#partial),
    };
    return { name: this.name, version: VERSION, data };
  }

  restore(state: Payload): void {
    const { lines, partial } = payloadData<SavedConsole>(state, this.name, VERSION);
    this.#set(lines, partial);
  }

  #endLine(): void {
    const text = toEbcdic(Uint8Array.from(this.#partial), this.#codePage);
    this.#partial = [];
    for (let at = 0; at === 0 || at < text.length; at += MAXIMUM_TEXT) {
      const line = text.slice(at, at + MAXIMUM_TEXT);
      this.#lines.push(line);
      this.#waiting += lineCost(line);
    }
  }

  #set(lines: readonly Uint8Array[], partial: Uint8Array): void {
    this.#lines = lines.map((line) => line.slice());
    this.#waiting = lines.reduce((sum, line) => sum + lineCost(line), 0);
    this.#partial = [...partial];
    this.#afterReturn = false;
  }
}

/** What a waiting line counts for against the limit: empty ones too. */
function lineCost(line: Uint8Array): number {
  return line.length + 1;
}
