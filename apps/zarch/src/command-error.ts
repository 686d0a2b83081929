/** What a user sees when a command cannot be done: one line, and the exit status. */

/** Exit statuses: 2 when the command line is at fault, 1 for everything else. */
export const ExitStatus = { ok: 0, failure: 1, usage: 2 } as const;

export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly status: number;

  constructor(message: string, status: number = ExitStatus.failure) {
    super(message.replaceAll(/\s*\n\s*/g, ' '));
    this.status = status;
  }
}

/** A fault in the command line. */
export function usageError(message: string): CommandError {
  return new CommandError(message, ExitStatus.usage);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  ECONNREFUSED: 'Connection refused',
  ENOSPC: 'No space left on device',
  EMFILE: 'Too many open files',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  EROFS: 'Read-only file system',
  EIO: 'Input/output error',
};

/** The operating system's words for an error, as strerror gives them. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return reasons[code] ?? error.message;
}
