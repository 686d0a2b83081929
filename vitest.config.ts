import { defineConfig } from 'vitest/config';

const source = { conditions: ['zarch-source', 'module', 'node', 'development|production'] };

/** Unit tests stand beside the code; conformance and boot and browser tests need peers or guest images and stand apart. */
export default defineConfig({
  resolve: source,
  ssr: { resolve: source },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages,apps,tools}/*/src/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        // What runs guest code, once more with all of it translated at first sight.
        extends: true,
        test: {
          name: 'translated',
          include: ['packages/{cpu,kvm,machine}/src/**/*.test.ts'],
          env: { ZARCH_TIER: 'translate' },
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['{packages,apps,tools}/*/conformance/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'boot',
          include: ['{packages,apps,tools}/*/boot/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        // Installs a Debian from the mirror, which takes a quarter of an hour: not part of `pnpm test`.
        extends: true,
        test: {
          name: 'install',
          include: ['apps/*/install/**/*.test.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 3_600_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['apps/*/browser/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
