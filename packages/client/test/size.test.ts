import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, test } from 'vitest';

const LIMIT = 4_000;
const SOURCE = fileURLToPath(new URL('../src/index.ts', import.meta.url));

function isOutput(value: unknown): value is Rolldown.RolldownOutput {
  return typeof value === 'object' && value !== null && 'output' in value;
}

/** Bytes of a page's script after minifying and gzip. */
async function gzipped(code: string): Promise<number> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? `${SOURCE}.entry.ts` : undefined),
        load: (id) => (id === `${SOURCE}.entry.ts` ? code : undefined),
      },
    ],
    build: { write: false, minify: true, target: 'es2022', rolldownOptions: { input: 'entry' } },
  });
  const [output] = [built].flat();
  if (!isOutput(output)) throw new Error('vite answered without an output');
  const [chunk] = output.output;
  return gzipSync(chunk.code, { level: 9 }).length;
}

test('adds at most 4.0 kB gzip to @trpc/client', async () => {
  const trpc = `import { createTRPCClient, httpBatchLink } from '@trpc/client';`;
  const without = await gzipped(
    `${trpc} globalThis.app = createTRPCClient({ links: [httpBatchLink({ url: '/trpc' })] });`,
  );
  const withSession = await gzipped(
    `${trpc} import { authLink, createSession } from '${SOURCE}';
    const session = createSession({ url: '/trpc' });
    globalThis.app = createTRPCClient({
      links: [authLink(session), httpBatchLink({ url: '/trpc', headers: session.headers })],
    });`,
  );
  console.log(
    `@trpc/client ${without} B, with the session ${withSession} B: ${withSession - without} B more`,
  );
  expect(without).toBeGreaterThan(5_000);
  expect(withSession - without).toBeLessThanOrEqual(LIMIT);
});
