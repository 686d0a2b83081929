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
  readonly preDepends: string;
}

/** What one pass over an index finds. */
interface Catalogue {
  /** Where the stanzas of a package begin. */
  readonly offsets: ReadonlyMap<string, readonly number[]>;
  readonly byPriority: ReadonlyMap<string, readonly string[]>;
  readonly providers: ReadonlyMap<string, readonly string[]>;
}

/** A Packages file; of its tens of thousands of stanzas only those asked for are parsed. */
export class PackagesIndex {
  readonly #bytes: Buffer;
  readonly #where: string;
  #catalogue: Catalogue | undefined;

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

  /** Names of the packages of a priority, as `required`, in the index's order. */
  names(priority: string): readonly string[] {
    this.#catalogue ??= this.#read();
    return this.#catalogue.byPriority.get(priority) ?? [];
  }

  /** Names of the packages that provide a virtual package, in the index's order. */
  providers(virtual: string): readonly string[] {
    this.#catalogue ??= this.#read();
    return this.#catalogue.providers.get(virtual) ?? [];
  }

  #read(): Catalogue {
    const offsets = new Map<string, number[]>();
    const byPriority = new Map<string, string[]>();
    const providers = new Map<string, string[]>();
    const add = <T>(map: Map<string, T[]>, key: string, value: T): void => {
      const values = map.get(key);
      if (values === undefined) map.set(key, [value]);
      else if (!values.includes(value)) values.push(value);
    };
    let name = '';
    for (const match of this.#bytes.toString('latin1').matchAll(/^(Package|Priority|Provides): (.*)$/gm)) {
      const [, field, value = ''] = match;
      if (field === 'Package') {
        name = value;
        add(offsets, name, match.index);
      } else if (field === 'Priority') add(byPriority, value, name);
      else for (const virtual of dependencyNames(value)) add(providers, virtual, name);
    }
    return { offsets, byPriority, providers };
  }

  *#stanzas(name: string): Generator<string> {
    this.#catalogue ??= this.#read();
    for (const at of this.#catalogue.offsets.get(name) ?? []) {
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
      preDepends: fields.get('pre-depends') ?? '',
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
  return dependencyClauses(depends).flatMap((alternatives) => alternatives.slice(0, 1));
}

/** The names in a Depends field: one of each of the lists is to be there. Versions are left out. */
export function dependencyClauses(depends: string): string[][] {
  const nameOf = (alternative: string) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(alternative)?.[1];
  return depends
    .split(',')
    .map((clause) =>
      clause
        .split('|')
        .map(nameOf)
        .filter((name) => name !== undefined),
    )
    .filter((alternatives) => alternatives.length > 0);
}
