import { defineConfig } from 'vitest/config';

/**
 * The vitest preset of every package: tests run against the sources of the workspace's packages, and
 * leave a JSON report in `.vitest/` from which the root's `npm test` adds up its closing line.
 *
 * @param {import('vitest/config').ViteUserConfig['test']} [test] settings of one package, laid over the preset
 */
export function vitestConfig(test = {}) {
  return defineConfig({
    resolve: { conditions: ['@latchkey/source', 'module', 'browser', 'development|production'] },
    ssr: { resolve: { conditions: ['@latchkey/source', 'node', 'module', 'development|production'] } },
    test: {
      include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}', 'e2e/**/*.test.ts'],
      reporters: ['default', 'json'],
      outputFile: { json: '.vitest/results.json' },
      restoreMocks: true,
      testTimeout: 20_000,
      hookTimeout: 30_000,
      ...test,
    },
  });
}
