/** Error numbers of Linux, in which 9P2000.L answers. */
export const Errno = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  ENXIO: 6,
  EBADF: 9,
  EACCES: 13,
  EEXIST: 17,
  EXDEV: 18,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  ERANGE: 34,
  ENAMETOOLONG: 36,
  ENOTEMPTY: 39,
  ELOOP: 40,
  ENODATA: 61,
  EPROTO: 71,
  EILSEQ: 84,
  EMSGSIZE: 90,
  EOPNOTSUPP: 95,
} as const;

/** What an operation gives, or why it failed. */
export type Outcome<Value> = { readonly value: Value } | { readonly errno: number };

export function isError<Value>(outcome: Outcome<Value>): outcome is { readonly errno: number } {
  return 'errno' in outcome;
}
