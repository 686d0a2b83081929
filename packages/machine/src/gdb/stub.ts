/**
 * A server of the GDB remote serial protocol for one CPU (GDB manual, appendix "GDB Remote Serial Protocol"): bytes
 * in, bytes out. Whoever owns it carries the bytes and tells it when the target stops.
 */
import type { DebugEvent, WatchKind, Watchpoint } from '@zarch/kvm';
import { encodePacket, fromHex, fromLatin1, latin1, PACKET_SIZE, PacketReader, toHex } from './packet.ts';
import type { GdbRegister, GdbTarget } from './target.ts';
import { targetXml } from './target-description.ts';

/** Replies: done; malformed; no such register, thread or storage. */
const OK = 'OK';
const MALFORMED = 'E22';
const FAULT = 'E14';
/** An empty reply tells that a request is not supported. */
const UNSUPPORTED = '';

const SIGINT = 2;
const SIGTRAP = 5;
/** The only thread: the CPU. */
const THREAD = '1';
/** Packets that may wait for a target that runs. */
const QUEUE_LIMIT = 64;
/** The longest watchpoint, in bytes. */
const WATCH_LIMIT = 4096n;

const watchKinds: ReadonlyMap<string, WatchKind> = new Map([
  ['2', 'write'],
  ['3', 'read'],
  ['4', 'access'],
]);
const watchNames: Readonly<Record<WatchKind, string>> = { write: 'watch', read: 'rwatch', access: 'awatch' };

export class GdbStub {
  readonly #target: GdbTarget;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #reader = new PacketReader();
  readonly #registers: readonly GdbRegister[];
  readonly #description: Uint8Array;
  readonly #breakpoints = new Map<string, bigint>();
  readonly #watchpoints = new Map<string, Watchpoint>();
  /** What the debugger waits for: the target's first stop, or the one after it made the target run. */
  #waiting: 'first' | 'stop' | undefined = 'first';
  #queue: Uint8Array[] = [];
  #acknowledges = true;
  #lastPacket: Uint8Array | undefined;
  #lastStop = stopReply(SIGTRAP);
  #detached = false;

  /** @param send - Takes bytes for the debugger. */
  constructor(target: GdbTarget, send: (bytes: Uint8Array) => void) {
    this.#target = target;
    this.#send = send;
    this.#registers = target.features.flatMap(({ registers }) => registers);
    this.#description = latin1(targetXml(target.features));
  }

  /** Has the target stop; requests are answered once it has. */
  start(): void {
    this.#target.interrupt();
  }

  /** Takes bytes from the debugger. */
  receive(bytes: Uint8Array): void {
    for (const event of this.#reader.read(bytes)) {
      if (this.#detached) return;
      switch (event.kind) {
        case 'packet':
          if (this.#acknowledges) this.#send(latin1('+'));
          if (this.#waiting === undefined) this.#request(event.payload);
          else if (this.#queue.length < QUEUE_LIMIT) this.#queue.push(event.payload);
          break;
        case 'damaged':
          if (this.#acknowledges) this.#send(latin1('-'));
          break;
        case 'acknowledged':
          if (!event.positive && this.#lastPacket) this.#send(this.#lastPacket);
          break;
        case 'interrupt':
          if (this.#waiting === 'stop') this.#target.interrupt();
      }
    }
  }

  /** The target has stopped: on its own account, or (undefined) because it was asked to. */
  stopped(event: DebugEvent | undefined): void {
    if (this.#detached || this.#waiting === undefined) return;
    const first = this.#waiting === 'first';
    this.#waiting = undefined;
    this.#lastStop = first ? stopReply(SIGTRAP) : stopReply(event ? SIGTRAP : SIGINT, event);
    if (!first) this.#reply(this.#lastStop);
    for (let next = this.#take(); next; next = this.#take()) this.#request(next);
  }

  /** The machine has ended; nothing more can be asked. */
  exited(): void {
    if (this.#detached) return;
    this.#detached = true;
    this.#reply('W00');
  }

  /** The debugger is gone: the target goes on as if it had never been there. */
  disconnected(): void {
    if (this.#detached) return;
    this.#detach();
  }

  #take(): Uint8Array | undefined {
    return this.#waiting === undefined && !this.#detached ? this.#queue.shift() : undefined;
  }

  #detach(): void {
    this.#detached = true;
    this.#target.setStops({ breakpoints: [], watchpoints: [] });
    this.#target.resume();
  }

  #reply(payload: string | Uint8Array): void {
    this.#lastPacket = encodePacket(payload);
    this.#send(this.#lastPacket);
  }

  #request(payload: Uint8Array): void {
    const reply = this.#answer(fromLatin1(payload));
    if (reply !== undefined) this.#reply(reply);
  }

  /** The reply; undefined when there is none, or not yet. */
  #answer(text: string): string | Uint8Array | undefined {
    const rest = text.slice(1);
    switch (text[0]) {
      case '?':
        return this.#lastStop;
      case 'g':
        return this.#registers.map((_, number) => toHex(this.#target.readRegister(number))).join('');
      case 'G':
        return this.#writeAll(rest);
      case 'p':
        return this.#readRegister(rest);
      case 'P':
        return this.#writeRegister(rest);
      case 'm':
        return this.#readMemory(rest);
      case 'M':
      case 'X':
        return this.#writeMemory(rest, text[0] === 'X');
      case 'Z':
      case 'z':
        return this.#stop(rest, text[0] === 'Z');
      case 'c':
      case 's':
        return this.#continueAt(rest, text[0] === 's');
      case 'C':
      case 'S':
        return this.#continueAt(rest.split(';')[1] ?? '', text[0] === 'S');
      case 'v':
        return this.#verbose(rest);
      case 'q':
      case 'Q':
        return this.#query(text);
      case 'H':
        return /^[cg](0|1|-1|01)$/.test(rest) ? OK : MALFORMED;
      case 'T':
        return Number.parseInt(rest, 16) === 1 ? OK : MALFORMED;
      case 'D':
        this.#reply(OK);
        this.#detach();
        return undefined;
      case 'k':
        this.#detached = true;
        this.#target.kill();
        return undefined;
      default:
        return UNSUPPORTED;
    }
  }

  #readRegister(text: string): string {
    const number = hexNumber(text);
    return number !== undefined && number < this.#registers.length
      ? toHex(this.#target.readRegister(number))
      : MALFORMED;
  }

  #writeRegister(text: string): string {
    const [left = '', right = ''] = text.split('=');
    const number = hexNumber(left);
    const value = fromHex(right);
    if (number === undefined || value?.length !== this.#size(number)) return MALFORMED;
    return this.#target.writeRegister(number, value) ? OK : MALFORMED;
  }

  #writeAll(text: string): string {
    const bytes = fromHex(text);
    const total = this.#registers.reduce((sum, { bits }) => sum + bits / 8, 0);
    if (bytes?.length !== total) return MALFORMED;
    let at = 0;
    for (const [number, { bits }] of this.#registers.entries()) {
      this.#target.writeRegister(number, bytes.subarray(at, at + bits / 8));
      at += bits / 8;
    }
    return OK;
  }

  /** Bytes of a register, 0 if there is none. */
  #size(number: number): number {
    return (this.#registers[number]?.bits ?? 0) / 8;
  }

  #readMemory(text: string): string {
    const area = addressAndLength(text);
    if (!area) return MALFORMED;
    const length = Math.min(area.length, PACKET_SIZE / 2);
    const bytes = this.#target.readMemory(area.address, length);
    return bytes.length === 0 && length > 0 ? FAULT : toHex(bytes);
  }

  #writeMemory(text: string, binary: boolean): string {
    const colon = text.indexOf(':');
    const area = addressAndLength(text.slice(0, Math.max(colon, 0)));
    const data = text.slice(colon + 1);
    const bytes = binary ? latin1(data) : fromHex(data);
    if (!area || bytes?.length !== area.length) return MALFORMED;
    return bytes.length === 0 || this.#target.writeMemory(area.address, bytes) ? OK : FAULT;
  }

  /** `type,address,kind`: break- and watchpoints. */
  #stop(text: string, insert: boolean): string {
    const [type = '', at = '', kind = ''] = text.split(/[,;]/);
    const address = hexAddress(at);
    const length = hexAddress(kind);
    if (address === undefined || length === undefined) return MALFORMED;
    const key = `${type},${address},${length}`;
    const watch = watchKinds.get(type);
    if (watch) {
      if (length === 0n || length > WATCH_LIMIT) return MALFORMED;
      if (insert) this.#watchpoints.set(key, { address, length: Number(length), kind: watch });
      else this.#watchpoints.delete(key);
    } else if (type === '0' || type === '1') {
      if (insert) this.#breakpoints.set(key, address);
      else this.#breakpoints.delete(key);
    } else return UNSUPPORTED;
    const breakpoints = [...this.#breakpoints.values()];
    this.#target.setStops({ breakpoints, watchpoints: [...this.#watchpoints.values()] });
    return OK;
  }

  #continueAt(text: string, step: boolean): string | undefined {
    if (text !== '') {
      const address = hexAddress(text);
      if (address === undefined) return MALFORMED;
      this.#target.setProgramCounter(address);
    }
    this.#waiting = 'stop';
    if (step) this.#target.step();
    else this.#target.resume();
    return undefined;
  }

  #verbose(text: string): string | undefined {
    if (text === 'Cont?') return 'vCont;c;C;s;S';
    if (text.startsWith('Cont;')) {
      // The first action that names the CPU, or any thread, is for it.
      const action = text
        .slice(5)
        .split(';')
        .find((each) => /^([cs]|[CS][0-9a-f]{2})(:(0*1|-1|0))?$/.test(each));
      return action ? this.#continueAt('', action[0] === 's' || action[0] === 'S') : MALFORMED;
    }
    if (text.startsWith('Kill')) {
      this.#reply(OK);
      this.#detached = true;
      this.#target.kill();
      return undefined;
    }
    return UNSUPPORTED;
  }

  #query(text: string): string | Uint8Array | undefined {
    const [name = '', ...parameters] = text.split(/[:,]/);
    switch (name) {
      case 'qSupported':
        return `PacketSize=${PACKET_SIZE.toString(16)};qXfer:features:read+;vContSupported+;QStartNoAckMode+`;
      case 'QStartNoAckMode':
        this.#reply(OK);
        this.#acknowledges = false;
        return undefined;
      case 'qXfer':
        return this.#transfer(parameters);
      case 'qfThreadInfo':
        return `m${THREAD}`;
      case 'qsThreadInfo':
        return 'l';
      case 'qThreadExtraInfo':
        return toHex(latin1('CPU#0'));
      case 'qC':
        return `QC${THREAD}`;
      case 'qAttached':
        return '1';
      case 'qRcmd': {
        const command = fromHex(parameters[0] ?? '');
        if (!command) return MALFORMED;
        const output = this.#target.command(fromLatin1(command));
        return output === undefined ? UNSUPPORTED : output === '' ? OK : toHex(latin1(output));
      }
      default:
        return UNSUPPORTED;
    }
  }

  #transfer([object, operation, annex, offsetText = '', lengthText = '']: readonly string[]):
    | string
    | Uint8Array {
    if (object !== 'features' || operation !== 'read') return UNSUPPORTED;
    if (annex !== 'target.xml') return 'E00';
    const offset = hexNumber(offsetText);
    const length = hexNumber(lengthText);
    if (offset === undefined || length === undefined) return MALFORMED;
    const piece = this.#description.subarray(offset, offset + Math.min(length, PACKET_SIZE / 2));
    const more = offset + piece.length < this.#description.length;
    return Uint8Array.from([...latin1(more ? 'm' : 'l'), ...piece]);
  }
}

function stopReply(signal: number, event?: DebugEvent): string {
  const watch =
    event?.kind === 'watchpoint' ? `${watchNames[event.watch]}:${event.address.toString(16)};` : '';
  return `T${signal.toString(16).padStart(2, '0')}thread:${THREAD};${watch}`;
}

function hexNumber(text: string): number | undefined {
  return /^[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text, 16) : undefined;
}
function hexAddress(text: string): bigint | undefined {
  return /^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : undefined;
}
function addressAndLength(text: string): { readonly address: bigint; readonly length: number } | undefined {
  const [left = '', right = ''] = text.split(',');
  const address = hexAddress(left);
  const length = hexNumber(right);
  return address === undefined || length === undefined ? undefined : { address, length };
}
