// A reader of "new ASCII" cpio archives, for tests: written from the format, not from the writer.

/** One entry of an archive. */
export interface ReadEntry {
  readonly path: string;
  readonly mode: number;
  readonly mtime: number;
  readonly owner: number;
  readonly device: readonly [major: number, minor: number];
  readonly data: Buffer;
}

/** The entries up to the trailer. Throws for anything malformed. */
export function readCpio(archive: Uint8Array): ReadEntry[] {
  const bytes = Buffer.from(archive);
  const entries: ReadEntry[] = [];
  for (let at = 0; ; ) {
    if (bytes.toString('latin1', at, at + 6) !== '070701') throw new Error(`no header at ${at}`);
    const field = (index: number): number => {
      const text = bytes.toString('latin1', at + 6 + index * 8, at + 14 + index * 8);
      if (!/^[0-9A-F]{8}$/.test(text)) throw new Error(`bad field ${index} at ${at}`);
      return Number.parseInt(text, 16);
    };
    const nameEnd = at + 110 + field(11);
    const path = bytes.toString('utf8', at + 110, nameEnd - 1);
    if (path === 'TRAILER!!!') return entries;
    const start = Math.ceil(nameEnd / 4) * 4;
    const end = start + field(6);
    entries.push({
      path,
      mode: field(1),
      mtime: field(5),
      owner: field(2),
      device: [field(9), field(10)],
      data: bytes.subarray(start, end),
    });
    at = Math.ceil(end / 4) * 4;
  }
}
