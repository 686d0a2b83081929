/** A stream between a port of the guest and one of the host (Virtual I/O Device 1.3, section 5.10.6). */
import { ShutdownFlag, type VsockHeader, VsockOperation } from './vsock-layout.ts';

/** Bytes from the guest that a connection keeps at most. */
export const BUFFER_SIZE = 65536;

/** The host's end of a connection. */
export interface VsockHandlers {
  /** The guest accepted a connection that the host began. */
  readonly onOpen?: () => void;
  /** Bytes from the guest. A promise keeps them in the guest's account until it resolves; it must not reject. */
  readonly onData: (bytes: Uint8Array) => Promise<void> | undefined | void;
  /** The guest will send nothing more. */
  readonly onEnd?: () => void;
  /** The guest has room again after {@link VsockConnection.write} did not take everything. */
  readonly onRoom?: () => void;
  /** The connection is over: nothing else is called after this. */
  readonly onClose?: () => void;
}

/** How a connection reaches the guest. */
export interface VsockLink {
  send(connection: VsockConnection, operation: number, flags?: number): void;
  /** Sends bytes of a stream: as many as there is a buffer for. */
  sendData(connection: VsockConnection, bytes: Uint8Array): number;
  remove(connection: VsockConnection): void;
}

export class VsockConnection {
  readonly guestPort: number;
  readonly hostPort: number;
  readonly #link: VsockLink;
  #handlers: VsockHandlers | undefined;
  #open: boolean;
  #closed = false;
  /** What the guest will not do any more: send, receive. */
  #guestEnded = false;
  #guestDeaf = false;
  #ended = false;
  #refused = false;
  /** What the guest said of its buffer, and what was sent to it; counts are modulo 2^32. */
  #guestBuffer = 0;
  #guestForwarded = 0;
  #sent = 0;
  /** What came from the guest, what was passed on, and what the guest knows of that. */
  #received = 0;
  #forwarded = 0;
  #announced = 0;

  /** @param open - Whether the guest knows of it: the guest began it. */
  constructor(guestPort: number, hostPort: number, link: VsockLink, open: boolean) {
    this.guestPort = guestPort;
    this.hostPort = hostPort;
    this.#link = link;
    this.#open = open;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Bytes that were passed on, modulo 2^32: what the next packet tells the guest. */
  get forwarded(): number {
    return this.#forwarded;
  }

  /** The next packet tells what was passed on. */
  announced(): void {
    this.#announced = this.#forwarded;
  }

  handle(handlers: VsockHandlers): void {
    this.#handlers = handlers;
  }

  /**
   * Bytes for the guest.
   *
   * @returns How many were taken: fewer than given when the guest does not read, none after the end.
   */
  write(bytes: Uint8Array): number {
    if (!this.#open || this.#closed || this.#ended || this.#guestDeaf) return 0;
    let taken = 0;
    while (taken < bytes.length) {
      const credit = this.#guestBuffer - ((this.#sent - this.#guestForwarded) >>> 0);
      if (credit <= 0) break;
      const sent = this.#link.sendData(this, bytes.subarray(taken, taken + credit));
      if (sent === 0) break;
      this.#sent = (this.#sent + sent) >>> 0;
      taken += sent;
    }
    this.#refused = taken < bytes.length;
    return taken;
  }

  /** The host sends nothing more. The connection is over when the guest does so too. */
  end(): void {
    if (this.#closed || this.#ended) return;
    this.#ended = true;
    if (this.#guestEnded) this.reset();
    else this.#link.send(this, VsockOperation.shutdown, ShutdownFlag.send);
  }

  /** Ends the connection at once. */
  reset(): void {
    if (this.#closed) return;
    this.#link.send(this, VsockOperation.reset);
    this.close();
  }

  /** The connection is over; the guest knows. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#link.remove(this);
    this.#handlers?.onClose?.();
  }

  /** The guest may have room: tells who was refused. */
  roomed(): void {
    if (!this.#refused || this.#closed) return;
    this.#refused = false;
    this.#handlers?.onRoom?.();
  }

  /** A packet of the guest. What does not fit the state of the connection ends it. */
  packet(header: VsockHeader, data: () => Uint8Array): void {
    this.#guestBuffer = header.bufferSize;
    this.#guestForwarded = header.forwarded;
    switch (header.operation) {
      case VsockOperation.response:
        if (this.#open) this.reset();
        else this.#accepted();
        return;
      case VsockOperation.reset:
        this.close();
        return;
      case VsockOperation.shutdown:
        this.#shutdown(header.flags);
        return;
      case VsockOperation.data:
        this.#data(header.length, data);
        break;
      case VsockOperation.creditUpdate:
        break;
      case VsockOperation.creditRequest:
        this.#link.send(this, VsockOperation.creditUpdate);
        break;
      default:
        this.reset();
        return;
    }
    this.roomed();
  }

  #accepted(): void {
    this.#open = true;
    this.#handlers?.onOpen?.();
  }

  #shutdown(flags: number): void {
    if ((flags & ShutdownFlag.send) !== 0 && !this.#guestEnded) {
      this.#guestEnded = true;
      this.#handlers?.onEnd?.();
    }
    if ((flags & ShutdownFlag.receive) !== 0) this.#guestDeaf = true;
    if (this.#guestEnded && (this.#ended || this.#guestDeaf)) this.reset();
  }

  #data(length: number, data: () => Uint8Array): void {
    const kept = (this.#received - this.#forwarded) >>> 0;
    if (!this.#open || this.#guestEnded || kept + length > BUFFER_SIZE) {
      this.reset();
      return;
    }
    this.#received = (this.#received + length) >>> 0;
    const passing = this.#handlers?.onData(data());
    if (passing) void passing.then(() => this.#pass(length));
    else this.#pass(length);
  }

  /** Bytes have left the buffer: the guest hears of it before it runs out of room. */
  #pass(length: number): void {
    this.#forwarded = (this.#forwarded + length) >>> 0;
    const unknown = (this.#forwarded - this.#announced) >>> 0;
    if (!this.#closed && unknown >= BUFFER_SIZE / 2) this.#link.send(this, VsockOperation.creditUpdate);
  }
}
