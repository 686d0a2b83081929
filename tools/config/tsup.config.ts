import { existsSync } from 'node:fs';
import { defineConfig } from 'tsup';

/** One build for every package: each `exports` subpath has a source file of the same name. */
const entries = [
  'index',
  'testing',
  'threads',
  'trace',
  'cli',
  'system',
  'vcpu-worker',
  'translator-worker',
].filter((name) => existsSync(`src/${name}.ts`));

/** Programs have no types to give. */
const isProgram = existsSync('src/cli.ts');

export default defineConfig({
  entry: entries.map((name) => `src/${name}.ts`),
  format: 'esm',
  target: 'es2024',
  platform: 'neutral',
  dts: !isProgram,
  sourcemap: true,
  clean: true,
  splitting: true,
});
