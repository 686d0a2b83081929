/** Which modules the source files of a package import. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface ImportedModule {
  /** The importing file, relative to the package. */
  readonly file: string;
  readonly specifier: string;
  readonly isTest: boolean;
}

const IMPORT =
  /(?:^|[\s;])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|import\s*\(?\s*['"]([^'"]+)['"]/gm;

/** All imports below `directory/src`, tests included. */
export async function importsOf(directory: string): Promise<readonly ImportedModule[]> {
  const source = join(directory, 'src');
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  const lists = await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const text = await readFile(path, 'utf8');
      const file = relative(directory, path);
      const isTest = file.endsWith('.test.ts') || file.includes('/testing/');
      return [...text.matchAll(IMPORT)].map((match) => ({
        file,
        specifier: match[1] ?? match[2] ?? '',
        isTest,
      }));
    }),
  );
  return lists.flat();
}
