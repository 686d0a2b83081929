// The kernel modules of an initramfs: which files a wish needs, in which order they load, and the tables that modprobe
// reads: modules.dep(5), modprobe.d(5) (soft dependencies). depmod has not run on a package's modules, so all of this
// is computed from the modules themselves.
import { basename } from 'node:path';
import { compressionOf, decompress } from './compression.ts';
import { GuestImageError, reasonOf } from './error.ts';
import { readModinfo } from './modinfo.ts';

/** One module of a kernel package. */
export interface KernelModule {
  /** With underscores, as the kernel names it. */
  readonly name: string;
  /** Relative to `/lib/modules/RELEASE`, uncompressed: `kernel/fs/ext4/ext4.ko`. */
  readonly path: string;
  /** Uncompressed. */
  readonly data: Uint8Array;
  readonly depends: readonly string[];
  /** Names or aliases to load before it where they exist. */
  readonly softPre: readonly string[];
  readonly aliases: readonly string[];
}

/** Modules for an initramfs. */
export interface ModuleSet {
  /** The kernel's release, as `uname -r` gives it. */
  readonly release: string;
  /** Every module needed, each after those it depends on. */
  readonly modules: readonly KernelModule[];
  /** What to load at start, in this order. */
  readonly load: readonly string[];
}

const canonical = (name: string): string => name.replaceAll('-', '_');
const moduleName = (path: string): string => canonical(basename(path).replace(/\.ko(\.\w+)?$/, ''));
const words = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

/** The modules of one kernel release, read when they are asked for. */
export class KernelModules {
  readonly release: string;
  readonly #files: ReadonlyMap<string, { readonly path: string; readonly data: Uint8Array }>;
  readonly #builtin: ReadonlySet<string>;
  readonly #read = new Map<string, KernelModule>();

  /**
   * @param files module files by path relative to `/lib/modules/RELEASE`, perhaps compressed
   * @param builtin the text of `modules.builtin`
   */
  constructor(release: string, files: ReadonlyMap<string, Uint8Array>, builtin: string) {
    this.release = release;
    this.#files = new Map([...files].map(([path, data]) => [moduleName(path), { path, data }]));
    this.#builtin = new Set(words(builtin).map(moduleName));
  }

  /**
   * What is needed to load these modules. Built-in ones need nothing.
   * @throws GuestImageError `usage` for a name that the kernel does not have, `format` for a broken module
   */
  async select(names: readonly string[]): Promise<ModuleSet> {
    const order = new Map<string, KernelModule>();
    const load: string[] = [];
    const visit = async (name: string, by: readonly string[]): Promise<void> => {
      if (order.has(name) || this.#builtin.has(name)) return;
      if (by.includes(name)) return;
      const module = await this.#module(name, by.at(-1));
      for (const dependency of module.depends) await visit(canonical(dependency), [...by, name]);
      for (const wish of module.softPre) {
        for (const found of await this.#resolve(wish)) {
          await visit(found, [...by, name]);
          if (!load.includes(found) && !this.#builtin.has(found)) load.push(found);
        }
      }
      order.set(name, module);
    };
    for (const wanted of names) {
      const name = canonical(wanted);
      await visit(name, []);
      if (!load.includes(name) && !this.#builtin.has(name)) load.push(name);
    }
    return { release: this.release, modules: [...order.values()], load };
  }

  async #module(name: string, neededBy: string | undefined): Promise<KernelModule> {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const file = this.#files.get(name);
    if (file === undefined)
      throw new GuestImageError(
        'usage',
        `kernel ${this.release} has no module ${name}${neededBy ? `, which ${neededBy} needs` : ''}: leave it out or correct its name`,
      );
    const module = await readModule(file.path, file.data);
    this.#read.set(name, module);
    return module;
  }

  /** The modules that a name or a literal alias stands for; none is no error for a soft dependency. */
  async #resolve(wish: string): Promise<string[]> {
    const name = canonical(wish);
    if (this.#files.has(name) || this.#builtin.has(name)) return [name];
    const found: string[] = [];
    for (const candidate of this.#files.keys()) {
      const module = await this.#module(candidate, undefined);
      if (module.aliases.some((alias) => canonical(alias) === name)) found.push(candidate);
    }
    return found.sort();
  }
}

async function readModule(path: string, packed: Uint8Array): Promise<KernelModule> {
  let data: Uint8Array;
  try {
    data = await decompress(packed, compressionOf(path) ?? '');
  } catch (error) {
    throw new GuestImageError('format', `module ${path}: ${reasonOf(error)}: choose another kernel package`, {
      cause: error,
    });
  }
  const info = readModinfo(data);
  if (info === undefined)
    throw new GuestImageError(
      'format',
      `module ${path} is not a kernel module: choose another kernel package`,
    );
  const softdeps = (info.get('softdep') ?? []).map((text) =>
    /(?:^|\s)pre:\s*([^:]*?)(?:\s+post:|$)/.exec(text),
  );
  return {
    name: moduleName(path),
    path: path.replace(/\.ko\.\w+$/, '.ko'),
    data,
    depends: words((info.get('depends') ?? []).join(',')),
    softPre: softdeps.flatMap((match) => words(match?.[1] ?? '')),
    aliases: info.get('alias') ?? [],
  };
}

/** The text of `modules.dep`: each module with all it needs, what loads first last. */
export function modulesDep(modules: readonly KernelModule[]): string {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const needs = (module: KernelModule, seen: Set<KernelModule>): Set<KernelModule> => {
    for (const dependency of module.depends) {
      const needed = byName.get(canonical(dependency));
      if (needed === undefined || seen.has(needed)) continue;
      needs(needed, seen);
      seen.add(needed);
    }
    return seen;
  };
  return modules
    .map((module) => {
      const paths = [...needs(module, new Set())].reverse().map(({ path }) => ` ${path}`);
      return `${module.path}:${paths.join('')}\n`;
    })
    .join('');
}

/** The text of `modules.alias`, by which the kernel asks for a module (`fs-ext4`) and devices find their driver. */
export function modulesAlias(modules: readonly KernelModule[]): string {
  return modules.flatMap(({ name, aliases }) => aliases.map((alias) => `alias ${alias} ${name}\n`)).join('');
}
