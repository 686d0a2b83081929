/** Runs the first TypeScript block of a package's README, so that it cannot go stale. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';

/**
 * Runs the example beside the package's source, with `console.log` captured.
 *
 * @param sourceDirectory - The package's `src` directory; the README is one level up.
 * @returns One string per `console.log` call.
 */
export async function readmeExample(sourceDirectory: string): Promise<string[]> {
  const readme = await readFile(join(sourceDirectory, '..', 'README.md'), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  if (example === undefined) throw new Error(`${sourceDirectory}/../README.md has no TypeScript example`);
  const file = join(sourceDirectory, `readme-example-${process.pid}.ts`);
  await writeFile(file, example);
  const lines: string[] = [];
  const log = console.log;
  console.log = (...args: unknown[]) => {
    lines.push(args.map((arg) => (typeof arg === 'string' ? arg : inspect(arg))).join(' '));
  };
  try {
    await import(file);
  } finally {
    console.log = log;
    await rm(file);
  }
  return lines;
}
