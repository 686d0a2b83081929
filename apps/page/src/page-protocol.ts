/** What passes between the page and the machine's thread. */
/** What the page's address asks for. */
export interface MachineRequest {
  /** Addresses of the files. */
  readonly kernel: string;
  readonly initrd: string | undefined;
  readonly commandLine: string;
  /** Bytes. */
  readonly memorySize: number;
  /** The name of a tier. */
  readonly tier: string;
}

export type ToMachine =
  | { readonly kind: 'start'; readonly request: MachineRequest }
  /** What the user typed. */
  | { readonly kind: 'input'; readonly bytes: Uint8Array }
  /** So many bytes of output are on the screen. */
  | { readonly kind: 'shown'; readonly count: number };

export type FromMachine =
  /** The guest runs. */
  | { readonly kind: 'started' }
  | { readonly kind: 'output'; readonly bytes: Uint8Array }
  /** It is over, with counts of what happened. */
  | { readonly kind: 'ended'; readonly how: string; readonly counters: string };
