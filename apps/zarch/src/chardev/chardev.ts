/** Character devices: where a console's bytes go to and come from. */
import type { Terminal } from '@zarch/session';

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

export interface Chardev extends Terminal {
  /** A promise while more output would pile up here; the guest waits for it. */
  congestion(): Promise<void> | undefined;
  /** Everything written is out, and nothing is left behind. */
  close(): Promise<void>;
}
