// Which packages a system is made of: Debian Policy, 2.5 (priorities), 7.2 (Depends and Pre-Depends), 7.5 (virtual
// packages).
import { GuestImageError } from './error.ts';
import { dependencyClauses, type IndexedPackage } from './packages-index.ts';

/** Where packages are looked up: a `PackagesIndex`. */
export interface PackageCatalogue {
  find(name: string): IndexedPackage | undefined;
  names(priority: string): readonly string[];
  providers(virtual: string): readonly string[];
}

/** The packages of a system, each after those it depends on, except where they depend on each other. */
export interface PackageSet {
  /** What has to work before any other package can be installed. */
  readonly required: readonly IndexedPackage[];
  /** All others. */
  readonly others: readonly IndexedPackage[];
}

/** Priorities that a system may be made of; each takes those before it along. */
export const PRIORITIES = ['required', 'important', 'standard'] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface PackageWishes {
  readonly priority: Priority;
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
}

/**
 * The packages of the priorities up to one, others by name, and what they depend on. Of alternatives the first that
 * exists is taken, unless another is there already; versions are not compared, as an archive's suite is consistent.
 * Packages that are excluded are not taken, nor what only they need.
 *
 * @throws GuestImageError `not-found` for a name or a dependency that nothing else has
 */
export function selectPackages(
  catalogue: PackageCatalogue,
  { priority, include, exclude = [] }: PackageWishes,
): PackageSet {
  const closure = new Closure(catalogue, exclude);
  const named = (each: Priority) => catalogue.names(each).filter((name) => !exclude.includes(name));
  const required = named('required');
  closure.wish([...required, ...include]);
  closure.add(required);
  const first = closure.order.length;
  for (const each of PRIORITIES.slice(1, PRIORITIES.indexOf(priority) + 1)) {
    closure.wish(named(each));
    closure.add(named(each));
  }
  closure.add(include);
  return { required: closure.order.slice(0, first), others: closure.order.slice(first) };
}

/** A package and all that it depends on, each after what it needs. */
export function withDependencies(catalogue: PackageCatalogue, name: string): readonly IndexedPackage[] {
  const closure = new Closure(catalogue, []);
  closure.add([name]);
  return closure.order;
}

class Closure {
  readonly order: IndexedPackage[] = [];
  readonly #catalogue: PackageCatalogue;
  readonly #excluded: readonly string[];
  readonly #taken = new Set<string>();
  readonly #wished = new Set<string>();

  constructor(catalogue: PackageCatalogue, excluded: readonly string[]) {
    this.#catalogue = catalogue;
    this.#excluded = excluded;
  }

  /** Names that decide between alternatives, because they will be added. */
  wish(names: readonly string[]): void {
    for (const name of names) this.#wished.add(name);
  }

  add(names: readonly string[]): void {
    for (const name of names) this.#visit(name, undefined);
  }

  #visit(name: string, neededBy: string | undefined): void {
    if (this.#taken.has(name)) return;
    const found = this.#catalogue.find(name);
    if (found === undefined) {
      const why = neededBy === undefined ? 'leave it out or correct its name' : `${neededBy} needs it`;
      throw new GuestImageError('not-found', `there is no package ${name} for s390x: ${why}`);
    }
    this.#taken.add(name);
    for (const clause of dependencyClauses(`${found.preDepends},${found.depends}`)) {
      const choice = this.#choose(clause);
      if (choice === undefined)
        throw new GuestImageError(
          'not-found',
          `there is no package ${clause.join(' or ')}, which ${name} needs`,
        );
      this.#visit(choice, name);
    }
    this.order.push(found);
  }

  #choose(alternatives: readonly string[]): string | undefined {
    const candidates = alternatives
      .flatMap((name) => [...(this.#catalogue.find(name) ? [name] : []), ...this.#catalogue.providers(name)])
      .filter((name) => !this.#excluded.includes(name));
    return (
      candidates.find((name) => this.#taken.has(name)) ??
      candidates.find((name) => this.#wished.has(name)) ??
      candidates[0]
    );
  }
}
