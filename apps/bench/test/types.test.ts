import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Compilation, type Compiler, compile } from '../src/types/compile.js';
import { writeHostProject } from '../src/types/hostProject.js';

/** Compiles the router of a small host app, then its client in another package. */
async function compileHost(compiler: Compiler, clientLines: string) {
  const root = await mkdtemp(join(tmpdir(), 'latchkey-types-'));
  const options = { procedures: 11, withAuth: true, clientLines };
  const { api, web } = await writeHostProject(root, options);
  return {
    api: await compile(compiler, api),
    web: await compile(compiler, web),
    client: await readFile(join(web, 'src', 'client.ts'), 'utf8'),
    declarations: await readAll(join(api, 'dist')),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

async function readAll(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.d.ts'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}

function modulesIn(text: string | undefined) {
  return new Set(
    [...(text ?? '').matchAll(/(?:from|import\() ?["']([^"']+)["']/g)].map(([, module]) => module),
  );
}

/** The lines with errors. */
function linesOf({ errors }: Compilation, text: string) {
  return errors.map((error) => text.split('\n')[Number(/\((\d+),/.exec(error)?.[1]) - 1]);
}

const RIGHT = `
import type { AuthReason } from '@latchkey/client';
import type { TRPCClientError } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
export type Inputs = inferRouterInputs<AppRouter>;
export type Outputs = inferRouterOutputs<AppRouter>;
export const me: Promise<{ id: string; username: string; roles: string[]; emailVerified: boolean }> =
  trpc.auth.me.query();
export const login = async (input: Inputs['auth']['login']): Promise<string> =>
  (await trpc.auth.login.mutate(input)).session.expiresAt;
export const reasonOf = (error: TRPCClientError<AppRouter>): AuthReason | undefined => error.data?.reason;
export const group: Outputs['group1']['find0']['group'] = 1;
`;

/** Each line is wrong: if a type is lost, the compiler accepts it and the test fails. */
const WRONG = [
  "void trpc.auth.login.mutate({ identifier: 'ada' });",
  'void trpc.auth.login.query();',
  'export const name: Promise<number> = trpc.auth.me.query();',
  'void trpc.group0.find0.query({ id: 1 });',
  'void trpc.group1.nothing.query();',
  "export const other: Promise<{ group: 3 }> = trpc.group0.find0.query({ id: 'a' });",
];

describe.each(['5.9', '7'] as const)('with TypeScript %s', (compiler) => {
  it('declares a router with Latchkey, and infers its client in another package', async () => {
    await using host = await compileHost(compiler, [RIGHT, ...WRONG].join('\n'));
    expect(host.api.errors).toEqual([]);
    expect(linesOf(host.web, host.client)).toEqual(WRONG);
    expect(modulesIn(host.declarations['trpc.d.ts'])).toEqual(new Set(['@latchkey/server', '@trpc/server']));
    for (const module of modulesIn(Object.values(host.declarations).join('\n')))
      expect(module).toMatch(/^(@latchkey\/server|@trpc\/server|\.\/\w+\.js)$/);
  }, 90_000);
});
