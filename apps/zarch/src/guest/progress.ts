// How long work tells its caller how far it is.

/** One report. `done` and `total` count bytes unless `unit` says otherwise; a step's last report has `done` equal to `total`. */
export interface Progress {
  readonly step: 'download' | 'unpack' | 'build' | 'format' | 'install' | 'configure';
  /** What is worked on: a package or file name, never an address. */
  readonly item: string;
  readonly done: number;
  readonly total: number | undefined;
  readonly unit?: 'packages';
}

/** Called on the caller's thread, often; the callee thins out what it shows. */
export type ProgressCallback = (progress: Progress) => void;
