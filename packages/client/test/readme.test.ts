import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

async function readSnippets(): Promise<string[]> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  return [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code);
}

/** What the README takes for granted: the names that a reader has at hand. */
const GIVEN = {
  '@latchkey/client': [
    'authLink',
    'createSession',
    'linkPerToken',
    'memoryTokenStore',
    'type Session',
    'type TokenStore',
    'withTokenStore',
  ],
  '@latchkey/client/testing': ['createFaults', 'createTestClock'],
  '@trpc/client': ['createTRPCClient', 'createWSClient', 'httpBatchLink', 'httpSubscriptionLink', 'wsLink'],
  vitest: ['expect', 'test', 'vi'],
};

const DECLARED = `
import type { IncomingMessage, ServerResponse } from 'node:http';
import superjson from 'superjson';
import type { TestRouter } from '../../test/authServer.js';
import type { RealRouter } from '../../test/realServer.js';
declare const [url, password]: [string, string];
declare const request: IncomingMessage;
declare const response: ServerResponse;
declare const SecureStore: {
  getItemAsync(key: string): Promise<string | null>;
  setItemAsync(key: string, value: string): Promise<void>;
  deleteItemAsync(key: string): Promise<void>;
};
`;

/** Imports what the snippet uses and does not import itself. */
function toModule(snippet: string): string {
  const uses = (name: string) => new RegExp(`\\b${name.replace('type ', '')}\\b`).test(snippet);
  const brings = (name: string) => new RegExp(`import \\{[^}]*\\b${name}\\b`).test(snippet);
  const imports = Object.entries(GIVEN).map(([from, names]) => {
    const wanted = names.filter((name) => uses(name) && !brings(name));
    return `import { ${wanted.join(', ')} } from '${from}';`;
  });
  const isGiven = /\bsession\b/.test(snippet) && !/const session\b/.test(snippet);
  const session = isGiven ? `declare const session: import('@latchkey/client').Session;` : '';
  const router = `type AppRouter = ${uses('superjson') ? 'RealRouter' : 'TestRouter'};`;
  return [...imports, DECLARED, router, session, snippet].join('\n');
}

test('contains only code that compiles', async () => {
  const folder = join(ROOT, '.vitest', 'readme');
  await mkdir(folder, { recursive: true });
  const snippets = await readSnippets();
  const files = snippets.map((_, index) => `snippet${index + 1}.ts`);
  await Promise.all(
    snippets.map((snippet, index) => writeFile(join(folder, files[index] ?? ''), toModule(snippet))),
  );
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: {
      customConditions: ['@latchkey/source'],
      noUnusedLocals: false,
      allowImportingTsExtensions: true,
    },
    include: undefined,
    files,
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = spawnSync(process.execPath, [TSC, '-p', folder], { encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(snippets.length).toBeGreaterThanOrEqual(8);
});

test('contains a test that runs as it is', async () => {
  const example = await readFile(new URL('example.test.ts', import.meta.url), 'utf8');
  const shown = (await readSnippets()).filter((snippet) => snippet.startsWith('test('));
  expect(shown).toHaveLength(1);
  for (const snippet of shown) expect(example).toContain(snippet);
});
