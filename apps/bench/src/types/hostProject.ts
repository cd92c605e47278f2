import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createPackageStore } from './packageStore.js';

/** An app to compile: a router in one package, and its client in another. */
export interface HostProjectOptions {
  /** The number of procedures, without those of Latchkey. */
  readonly procedures: number;
  /** Whether the app nests Latchkey's router and protects its procedures by Latchkey's guard. */
  readonly withAuth: boolean;
  /** Lines to add to the client. */
  readonly clientLines?: string;
}

/** The folders of its two packages. */
export interface HostProject {
  readonly api: string;
  readonly web: string;
}

/** Procedures in one file, as in a real app. */
const PER_FILE = 10;

function json(value: object) {
  return JSON.stringify(value, undefined, 2);
}

const COMPILER_OPTIONS = {
  target: 'es2023',
  lib: ['es2023', 'dom'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  composite: true,
  declaration: true,
  rootDir: 'src',
  outDir: 'dist',
};

function manifest(name: string) {
  return json({
    name,
    version: '0.0.0',
    type: 'module',
    exports: { './router': { types: './dist/router.d.ts' } },
  });
}

function trpcFile(withAuth: boolean) {
  return withAuth
    ? `import { type AuthContext, createAuth } from '@latchkey/server';
import { initTRPC } from '@trpc/server';
import type { Connection } from 'mongoose';

declare const connection: Connection;
export interface HostContext { readonly requestId: string }
const keys = ['a secret of 32 bytes or even more'];
export const auth = createAuth({
  mongoose: connection,
  appUrl: 'http://localhost:3000',
  accessToken: { keys },
  refreshToken: { keys },
  password: { pepper: 'a secret of 32 bytes or even more' },
});
export const t = initTRPC.context<AuthContext & HostContext>().create({ errorFormatter: auth.errorFormatter });
export const procedure = t.procedure.concat(auth.protectedProcedure);
`
    : `import { initTRPC } from '@trpc/server';
import type { Connection } from 'mongoose';

export declare const connection: Connection;
export interface HostContext { readonly requestId: string }
export const t = initTRPC.context<HostContext>().create();
export const procedure = t.procedure;
`;
}

function groupFile(group: number, size: number) {
  return `import { z } from 'zod';
import { procedure, t } from './trpc.js';

const item = z.object({ id: z.string(), title: z.string(), group: z.literal(${group}), tags: z.array(z.string()) });
export const group${group} = t.router({
${Array.from({ length: size }, (_, index) =>
  index % 2 === 0
    ? `  find${index}: procedure.input(z.object({ id: z.string(), depth${index}: z.number().optional() })).output(item)
    .query(({ input, ctx }) => ({ id: input.id, title: ctx.requestId, group: ${group} as const, tags: [] })),`
    : `  change${index}: procedure.input(item.partial({ title: true })).mutation(({ input, ctx }) => ({ ...input, by: ctx.requestId, at: new Date(${index}) })),`,
).join('\n')}
});
`;
}

function groupSizes(procedures: number) {
  return Array.from({ length: Math.ceil(procedures / PER_FILE) }, (_, group) =>
    Math.min(PER_FILE, procedures - group * PER_FILE),
  );
}

function routerFile({ procedures, withAuth }: HostProjectOptions) {
  const groups = groupSizes(procedures).map((_, group) => `group${group}`);
  return `${groups.map((name) => `import { ${name} } from './${name}.js';`).join('\n')}
import { ${withAuth ? 'auth, t' : 't'} } from './trpc.js';

export const appRouter = t.router({ ${[...(withAuth ? ['auth: auth.router'] : []), ...groups].join(', ')} });
export type AppRouter = typeof appRouter;
export type { HostContext } from './trpc.js';
`;
}

function clientFile({ procedures, withAuth, clientLines = '' }: HostProjectOptions) {
  const calls = groupSizes(procedures).flatMap((size, group) =>
    Array.from({ length: size }, (_, index) =>
      index % 2 === 0
        ? `export const a${group}x${index}: Promise<{ id: string; title: string; group: ${group}; tags: string[] }> = trpc.group${group}.find${index}.query({ id: 'a', depth${index}: 1 });`
        : `export const a${group}x${index}: Promise<{ title?: string | undefined; by: string; at: string }> = trpc.group${group}.change${index}.mutate({ id: 'a', group: ${group}, tags: [] });`,
    ),
  );
  return `${withAuth ? `import { authLink, createSession } from '@latchkey/client';\n` : ''}import { createTRPCClient, httpBatchLink } from '@trpc/client';
import type { AppRouter } from 'host-api/router';

${withAuth ? `const session = createSession({ url: '/trpc' });` : ''}
export const trpc = createTRPCClient<AppRouter>({
  links: [${withAuth ? `authLink(session), httpBatchLink({ url: '/trpc', headers: session.headers })` : `httpBatchLink({ url: '/trpc' })`}],
});
${calls.join('\n')}
${clientLines}
`;
}

/** Writes the app into `root`: two packages with a project reference between them. */
export async function writeHostProject(root: string, options: HostProjectOptions): Promise<HostProject> {
  const [api, web] = [join(root, 'api'), join(root, 'web')];
  const files = {
    'api/package.json': manifest('host-api'),
    'api/tsconfig.json': json({
      compilerOptions: { ...COMPILER_OPTIONS, types: ['node'] },
      include: ['src'],
    }),
    'api/src/trpc.ts': trpcFile(options.withAuth),
    'api/src/router.ts': routerFile(options),
    ...Object.fromEntries(
      groupSizes(options.procedures).map((size, group) => [
        `api/src/group${group}.ts`,
        groupFile(group, size),
      ]),
    ),
    'web/package.json': manifest('host-web'),
    'web/tsconfig.json': json({
      compilerOptions: { ...COMPILER_OPTIONS, types: [] },
      include: ['src'],
      references: [{ path: '../api' }],
    }),
    'web/src/client.ts': clientFile(options),
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const store = createPackageStore(root);
  await store.install(api, [
    '@trpc/server',
    '@types/node',
    'mongoose',
    'zod',
    ...(options.withAuth ? ['@latchkey/server'] : []),
  ]);
  await store.install(web, [
    '@trpc/client',
    '@trpc/server',
    ...(options.withAuth ? ['@latchkey/client'] : []),
  ]);
  await symlink(api, join(web, 'node_modules', 'host-api'), 'junction');
  return { api, web };
}
