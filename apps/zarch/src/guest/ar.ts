// The ar archive that a Debian package is: deb(5), ar(5). (No maintained library reads it; the format is this small.)
import { GuestImageError } from './error.ts';

const MAGIC = '!<arch>\n';
const HEADER = 60;

/** A member; `data` is a view of the archive's bytes. */
export interface ArMember {
  readonly name: string;
  readonly data: Uint8Array;
}

/** Packs members with short names, in their order; times and owners are 0. */
export function packAr(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from(MAGIC)];
  for (const [name, data] of Object.entries(members)) {
    const size = String(data.length).padEnd(10);
    parts.push(Buffer.from(`${name.padEnd(16)}0           0     0     100644  ${size}\`\n`), data);
    if (data.length % 2 === 1) parts.push(Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}

/**
 * The members of an archive with short names (the only ones deb(5) allows).
 * @throws GuestImageError `format` for anything that is not a whole archive
 */
export function readAr(archive: Uint8Array, where: string): ArMember[] {
  const bad = (what: string): GuestImageError =>
    new GuestImageError('format', `${where}: not a Debian package (${what}): remove it and fetch it again`);
  const ascii = (from: number, to: number): string =>
    Buffer.from(archive.subarray(from, to)).toString('latin1');
  if (ascii(0, MAGIC.length) !== MAGIC) throw bad('no ar archive');
  const members: ArMember[] = [];
  for (let at = MAGIC.length; at < archive.length; ) {
    const size = ascii(at + 48, at + 58).trimEnd();
    if (at + HEADER > archive.length || ascii(at + 58, at + HEADER) !== '`\n' || !/^\d+$/.test(size))
      throw bad('bad member header');
    const start = at + HEADER;
    const end = start + Number(size);
    if (end > archive.length) throw bad('cut short');
    members.push({
      name: ascii(at, at + 16)
        .trimEnd()
        .replace(/\/$/, ''),
      data: archive.subarray(start, end),
    });
    at = end + (end % 2);
  }
  return members;
}
