import { configDefaults, defineConfig } from 'vitest/config';

/**
 * The vitest preset of every package: tests run against the sources of the workspace's packages, and
 * leave a JSON report in `.vitest/` from which the root's `npm test` adds up its closing line.
 *
 * @param {import('vitest/config').ViteUserConfig['test']} [test] settings of one package, laid over the preset
 * @param {{ alone?: string[] }} [order] `alone`: files that compare times or memory, and so run after all others,
 *   one by one
 */
export function vitestConfig(test = {}, { alone = [] } = {}) {
  const { include = TESTS, ...settings } = test;
  return defineConfig({
    resolve: { conditions: ['@latchkey/source', 'module', 'browser', 'development|production'] },
    ssr: { resolve: { conditions: ['@latchkey/source', 'node', 'module', 'development|production'] } },
    test: {
      reporters: ['default', 'json'],
      outputFile: { json: '.vitest/results.json' },
      restoreMocks: true,
      // No bound on speed: only what hangs fails.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      expect: { poll: { timeout: 50_000 } },
      maxWorkers: 2,
      ...settings,
      ...(alone.length === 0 ? { include } : { projects: inTwoGroups(include, alone) }),
    },
  });
}

const TESTS = ['src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}', 'e2e/**/*.test.ts'];

function inTwoGroups(include, alone) {
  return [
    { extends: true, test: { name: 'together', include, exclude: [...configDefaults.exclude, ...alone] } },
    {
      extends: true,
      test: { name: 'alone', include: alone, maxWorkers: 1, isolate: true, sequence: { groupOrder: 1 } },
    },
  ];
}
