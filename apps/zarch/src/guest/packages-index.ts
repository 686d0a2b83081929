// The Packages index of a suite's component: Debian repository format, "Packages indices".
import { parseDeb822 } from './apt-sources.ts';
import { compareVersions } from './debian-version.ts';
import { GuestImageError } from './error.ts';

/** One package of an index. */
export interface IndexedPackage {
  readonly package: string;
  readonly version: string;
  readonly architecture: string;
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Relative to the archive's root. */
  readonly path: string;
  readonly depends: string;
}

/** A Packages file, searched without being parsed as a whole: it has tens of thousands of stanzas. */
export class PackagesIndex {
  readonly #bytes: Buffer;
  readonly #where: string;

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#where = where;
  }

  /**
   * The latest version of a package, or `undefined` if there is none.
   * @throws GuestImageError `format` if its stanza lacks what is needed
   */
  find(name: string): IndexedPackage | undefined {
    let latest: IndexedPackage | undefined;
    for (const stanza of this.#stanzas(name)) {
      const found = this.#parse(stanza);
      if (latest === undefined || compareVersions(found.version, latest.version) > 0) latest = found;
    }
    return latest;
  }

  *#stanzas(name: string): Generator<string> {
    const line = Buffer.from(`Package: ${name}\n`);
    for (let at = this.#bytes.indexOf(line); at >= 0; at = this.#bytes.indexOf(line, at + 1)) {
      if (at > 0 && this.#bytes[at - 1] !== 0x0a) continue;
      const end = this.#bytes.indexOf('\n\n', at);
      yield this.#bytes.toString('utf8', at, end < 0 ? this.#bytes.length : end);
    }
  }

  #parse(stanza: string): IndexedPackage {
    const fields = parseDeb822(stanza)[0] ?? new Map<string, string>();
    const found: IndexedPackage = {
      package: fields.get('package') ?? '',
      version: fields.get('version') ?? '',
      architecture: fields.get('architecture') ?? '',
      size: Number(fields.get('size')),
      sha256: fields.get('sha256') ?? '',
      path: fields.get('filename') ?? '',
      depends: fields.get('depends') ?? '',
    };
    // An index may be untrusted, and these become file names.
    const sound =
      /^[A-Za-z0-9.+:~-]+$/.test(found.version) &&
      /^[a-z0-9-]+$/.test(found.architecture) &&
      /^[0-9a-f]{64}$/.test(found.sha256) &&
      Number.isSafeInteger(found.size) &&
      isSafePath(found.path);
    if (!sound)
      throw new GuestImageError(
        'format',
        `${this.#where}: the entry of ${found.package} is broken: give another mirror with --mirror URL`,
      );
    return found;
  }
}

/** Whether a path is relative and stays below where it starts. */
export function isSafePath(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.split('/').includes('..') && !/[\s\\]/.test(path);
}

/** The names in a Depends field, the first of each set of alternatives. */
export function dependencyNames(depends: string): string[] {
  return depends
    .split(',')
    .map((clause) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(clause)?.[1])
    .filter((name) => name !== undefined);
}
