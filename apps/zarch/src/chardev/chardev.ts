/** Character devices: where a console's bytes go to and come from. */

/** What the user asks for. */
export type ChardevOptions =
  | { readonly kind: 'null' }
  /** With `mux`, Ctrl-a is an escape; with `signal`, Ctrl-c interrupts the program. */
  | { readonly kind: 'stdio'; readonly mux: boolean; readonly signal: boolean }
  | { readonly kind: 'file'; readonly path: string; readonly append: boolean }
  | {
      readonly kind: 'socket';
      readonly address: SocketAddress;
      readonly server: boolean;
      /** The machine starts when a client is there. */
      readonly wait: boolean;
    };

export type SocketAddress =
  | { readonly path: string }
  | {
      readonly host: string;
      /** 0 leaves the choice to the system. */
      readonly port: number;
    };

export interface Chardev {
  /** Writes what the guest's console puts out. */
  write(bytes: Uint8Array): void;
  /** Gives input to `take`, which tells how many of the bytes it took. Called once. */
  connect(take: (bytes: Uint8Array) => number): void;
  /** The console has room again for input it did not take. */
  room(): void;
  /** A promise while more output would pile up here; the guest waits for it. */
  congestion(): Promise<void> | undefined;
  /** Everything written is out, and nothing is left behind. */
  close(): Promise<void>;
}

/** Input that waits until the console takes it; the source is stopped meanwhile. */
export class InputQueue {
  #take: ((bytes: Uint8Array) => number) | undefined;
  #waiting: Uint8Array[] = [];
  readonly #flow: (on: boolean) => void;

  /** @param flow - Called with false when the source is to stop, and with true when it is to go on. */
  constructor(flow: (on: boolean) => void) {
    this.#flow = flow;
  }

  connect(take: (bytes: Uint8Array) => number): void {
    this.#take = take;
    this.#drain();
  }

  /** Bytes that wait. */
  get length(): number {
    return this.#waiting.reduce((sum, { length }) => sum + length, 0);
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const stopped = this.#waiting.length > 0;
    this.#waiting.push(bytes);
    if (!stopped) this.#drain();
  }

  /** Called from inside the console, which is asked again once it has returned. */
  room(): void {
    if (this.#waiting.length > 0) queueMicrotask(() => this.#drain());
  }

  #drain(): void {
    if (!this.#take) return;
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const count = this.#take(first);
      if (count < first.length) {
        this.#waiting[0] = first.subarray(count);
        this.#flow(false);
        return;
      }
      this.#waiting.shift();
    }
    this.#flow(true);
  }
}
