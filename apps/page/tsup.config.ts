import { defineConfig } from 'tsup';

/** The page and its threads, with everything they import, from source. */
export default defineConfig({
  entry: ['main', 'machine-worker', 'vcpu-worker', 'translator-worker'].map((name) => `src/${name}.ts`),
  format: 'esm',
  target: 'es2024',
  platform: 'browser',
  noExternal: [/^@zarch\//],
  esbuildOptions: (options) => {
    options.conditions = ['zarch-source'];
  },
  publicDir: 'public',
  sourcemap: true,
  clean: true,
  splitting: true,
  silent: true,
});
