// What a user sees when a guest image cannot be had.

/** The kinds of failure, for callers that act on them (another mirror, an exit status). */
export type GuestImageFailure =
  | 'no-mirror'
  | 'network'
  | 'not-found'
  | 'signature'
  | 'checksum'
  | 'format'
  | 'offline'
  | 'usage'
  | 'storage';

/** A user-visible failure. The message is one line that names the input and says what to do. */
export class GuestImageError extends Error {
  override readonly name = 'GuestImageError';
  readonly failure: GuestImageFailure;

  constructor(failure: GuestImageFailure, message: string, options?: ErrorOptions) {
    super(message.replaceAll(/\s*\n\s*/g, ' '), options);
    this.failure = failure;
  }
}

/** How to go on without any mirror. */
export const OWN_IMAGES = 'or boot your own images with --kernel FILE and --initrd FILE';

/** The reason in an unknown thrown value, without a stack. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}

/** Whether a thrown value is the operating system's error of this name, as `ENOENT`. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
