/** A port of the console device: a stream of bytes each way (Virtual I/O Device 1.3, section 5.3.6). */
import { BackendRequests } from '../device/backend-requests.ts';
import type { DeviceHost } from '../device/device-model.ts';
import type { DescriptorChain, SavedChain } from '../queue/descriptor-chain.ts';
import type { Virtqueue } from '../queue/virtqueue.ts';

/** Bytes of output that are passed on at a time, and before other work has its turn. */
const PIECE = 65536;
const BUDGET = 1 << 20;

export interface ConsolePortOptions {
  /** How the guest finds the port; Linux has it in `/sys/class/virtio-ports`. */
  readonly name?: string;
  /** The guest is to use it as a console. Default: port 0 only. */
  readonly isConsole?: boolean;
  /**
   * Gets what the guest writes. A promise holds up the guest until it resolves; it must not reject.
   */
  readonly onOutput: (bytes: Uint8Array) => Promise<void> | undefined | void;
  /** Called when the guest has room again after {@link ConsolePort.input} did not take everything. */
  readonly onRoom?: () => void;
  /** Called when a program in the guest opens or closes the port. */
  readonly onOpen?: (open: boolean) => void;
}

export interface SavedPort {
  readonly connected: boolean;
  readonly guestOpen: boolean;
  readonly current?: { readonly chain: SavedChain; readonly done: number };
}

/** What a port needs of its device. */
export interface PortHost {
  readonly device: DeviceHost;
  readonly multiport: boolean;
  readonly receive: Virtqueue;
  readonly transmit: Virtqueue;
  /** The host's end opened or closed. */
  connectionChanged(): void;
}

export class ConsolePort {
  readonly options: ConsolePortOptions;
  readonly #host: () => PortHost | undefined;
  readonly #writes = new BackendRequests(1, () => this.serveOutput());
  #connected = true;
  #guestOpen = false;
  #refused = false;
  /** The chain whose bytes are being passed on. */
  #current: { readonly chain: DescriptorChain; done: number } | undefined;
  #budget = 0;

  constructor(options: ConsolePortOptions, host: () => PortHost | undefined) {
    this.options = options;
    this.#host = host;
  }

  /** Whether the host's end is open. What the guest writes to a closed port is lost. Default true. */
  get connected(): boolean {
    return this.#connected;
  }

  setConnected(connected: boolean): void {
    if (this.#connected === connected) return;
    this.#connected = connected;
    this.#host()?.connectionChanged();
  }

  /** Whether a program in the guest has the port open; always true for a driver that knows of one port. */
  get guestOpen(): boolean {
    return this.#guestOpen || this.#host()?.multiport === false;
  }

  /** The driver says whether the port is open. */
  setGuestOpen(open: boolean): void {
    if (this.#guestOpen === open) return;
    this.#guestOpen = open;
    this.options.onOpen?.(open);
    if (open) this.serveInput();
  }

  /**
   * Bytes for the guest.
   *
   * @returns How many were taken: fewer than given when the guest does not read.
   */
  input(bytes: Uint8Array): number {
    const host = this.#host();
    let taken = 0;
    if (host?.device.running && this.guestOpen) {
      taken = this.#fill(host, bytes);
      if (taken < bytes.length && host.receive.requestNotifications()) {
        taken += this.#fill(host, bytes.subarray(taken));
      }
    }
    this.#refused = taken < bytes.length;
    return taken;
  }

  /** The driver has new buffers for input. */
  serveInput(): void {
    if (!this.#refused) return;
    this.#refused = false;
    this.options.onRoom?.();
  }

  /** The driver has output. */
  serveOutput(): void {
    const host = this.#host();
    if (!host?.device.running) return;
    this.#budget = BUDGET;
    this.#advance(host);
    host.transmit.serve(
      (chain) => {
        this.#current = { chain, done: 0 };
        this.#advance(host);
      },
      () => this.#current === undefined && this.#writes.room,
    );
  }

  /** Forgets the chain in work: its queue was reset. */
  forget(): void {
    this.#current = undefined;
    this.#writes.reset();
  }

  reset(): void {
    this.forget();
    this.#guestOpen = false;
    this.#refused = false;
  }

  drain(): Promise<void> {
    return this.#writes.drain();
  }

  resume(): void {
    this.#writes.resume();
  }

  save(): SavedPort {
    this.#writes.assertNone();
    const state = { connected: this.#connected, guestOpen: this.#guestOpen };
    const host = this.#host();
    if (this.#current === undefined || host === undefined) return state;
    const { chain, done } = this.#current;
    return { ...state, current: { chain: host.transmit.saveChain(chain), done } };
  }

  restore(saved: SavedPort): void {
    const host = this.#host();
    this.#connected = saved.connected;
    this.#guestOpen = saved.guestOpen;
    this.#current =
      saved.current && host
        ? { chain: host.transmit.restoreChain(saved.current.chain), done: saved.current.done }
        : undefined;
  }

  #fill({ device, receive }: PortHost, bytes: Uint8Array): number {
    let taken = 0;
    while (taken < bytes.length) {
      const chain = receive.take();
      if (chain === undefined) break;
      if (chain.writable.length === 0) {
        device.fail('an input buffer without room');
        break;
      }
      const written = chain.writable.setBytes(0, bytes.subarray(taken));
      receive.use(chain, written);
      taken += written;
    }
    return taken;
  }

  /** Passes on what is left of the chain in work, as far as it goes now. */
  #advance({ transmit }: PortHost): void {
    const current = this.#current;
    if (current === undefined || !this.#writes.room) return;
    const { readable } = current.chain;
    while (this.#connected && current.done < readable.length) {
      if (this.#budget <= 0) {
        transmit.serveLater();
        return;
      }
      const piece = readable.bytes(current.done, Math.min(PIECE, readable.length - current.done));
      this.#budget -= piece.length;
      current.done += piece.length;
      const writing = this.options.onOutput(piece);
      if (writing) {
        this.#writes.begin(() => writing);
        return;
      }
    }
    this.#current = undefined;
    transmit.use(current.chain, 0);
  }
}
