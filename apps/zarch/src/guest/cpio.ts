// The "new ASCII" cpio archive that the kernel unpacks as its initial root: Linux, Documentation/driver-api/early-userspace/
// buffer-format.rst. (cpio libraries on npm are unmaintained; the format is this small.)

/** One entry; `path` is relative to the root, without a leading slash. `mode` is the permission bits only. */
export type CpioEntry =
  | { readonly type: 'directory'; readonly path: string; readonly mode: number }
  | { readonly type: 'file'; readonly path: string; readonly mode: number; readonly data: Uint8Array }
  | { readonly type: 'symlink'; readonly path: string; readonly target: string }
  | {
      readonly type: 'character-device';
      readonly path: string;
      readonly mode: number;
      readonly major: number;
      readonly minor: number;
    };

const FORMAT = { directory: 0o040000, file: 0o100000, symlink: 0o120000, 'character-device': 0o020000 };
const BLOCK = 512;
const MAX_FILE = 2 ** 32 - 1;
const TRAILER = 'TRAILER!!!';

/**
 * Packs entries in the order given. The same entries give the same bytes: every time is 0 and every owner root.
 * @throws RangeError for a file of 4 GiB or more, which the format cannot hold
 */
export function packCpio(entries: Iterable<CpioEntry>): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  let inode = 1;
  const push = (part: Uint8Array): void => {
    parts.push(part);
    length += part.length;
  };
  const pad = (alignment: number): void => push(new Uint8Array(-length & (alignment - 1)));
  const add = (path: string, mode: number, links: number, data: Uint8Array, device = [0, 0]): void => {
    if (data.length > MAX_FILE) throw new RangeError(`${path}: too large for a cpio archive`);
    const name = Buffer.from(`${path}\0`);
    const [major = 0, minor = 0] = device;
    const ino = path === TRAILER ? 0 : inode++;
    const fields = [ino, mode, 0, 0, links, 0, data.length, 0, 0, major, minor, name.length, 0];
    const hex = fields.map((field) => field.toString(16).toUpperCase().padStart(8, '0'));
    push(Buffer.from(`070701${hex.join('')}`));
    push(name);
    pad(4);
    push(data);
    pad(4);
  };
  const none = new Uint8Array(0);
  for (const entry of entries) {
    const format = FORMAT[entry.type];
    switch (entry.type) {
      case 'directory':
        add(entry.path, format | entry.mode, 2, none);
        break;
      case 'file':
        add(entry.path, format | entry.mode, 1, entry.data);
        break;
      case 'symlink':
        add(entry.path, format | 0o777, 1, Buffer.from(entry.target));
        break;
      case 'character-device':
        add(entry.path, format | entry.mode, 1, none, [entry.major, entry.minor]);
        break;
    }
  }
  add(TRAILER, 0, 1, none);
  pad(BLOCK);
  return Buffer.concat(parts);
}
