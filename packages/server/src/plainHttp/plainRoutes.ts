import type { AnyTRPCRouter } from '@trpc/server';
import { z } from 'zod';
import { type ProcedureMeta, readProcedureMeta } from '../procedures/procedureMeta.js';

/** A procedure, and how plain HTTP serves it. */
export interface PlainRoute {
  /** The procedure's name in its router, such as `auth.sessions.revokeOthers`. */
  readonly procedure: string;
  readonly type: 'query' | 'mutation';
  /** Queries answer to GET, mutations to POST. */
  readonly method: 'GET' | 'POST';
  /** Such as `/auth/sessions/revoke-others`. */
  readonly path: string;
  readonly input: z.core.$ZodType | undefined;
  readonly output: z.core.$ZodType | undefined;
  readonly meta: ProcedureMeta;
}

const schema = z.instanceof(z.core.$ZodType);
/** The parts of a procedure's `_def` that exist at run time. */
const definition = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  inputs: z.array(schema).default([]),
  output: schema.optional(),
  meta: z.unknown(),
});

/**
 * Reads the plain HTTP routes of a router's queries and mutations. Subscriptions have none: they are streams of
 * server-sent events at tRPC's URL.
 *
 * @param namespaces names of the sub-routers to serve, such as `auth`
 * @throws Error where two procedures share a path and a method
 */
export function readPlainRoutes(router: AnyTRPCRouter, namespaces: readonly string[]): PlainRoute[] {
  const procedures: Readonly<Record<string, { readonly _def: unknown }>> = router._def.procedures;
  const routes = Object.entries(procedures)
    .filter(([name]) => namespaces.includes(name.split('.', 1)[0] ?? ''))
    .flatMap(([name, procedure]) => toRoute(name, definition.parse(procedure._def)));
  const taken = new Set<string>();
  for (const { method, path, procedure } of routes) {
    const address = `${method} ${path}`;
    if (taken.has(address))
      throw new Error(
        `${procedure} has the same plain HTTP route as another procedure: ${address}. Rename one.`,
      );
    taken.add(address);
  }
  return routes;
}

function toRoute(
  procedure: string,
  { type, inputs, output, meta }: z.infer<typeof definition>,
): PlainRoute[] {
  if (type === 'subscription') return [];
  const facts = readProcedureMeta(meta);
  const method = type === 'query' ? 'GET' : 'POST';
  const path = pathOf(procedure, { method, lastName: facts.latchkeyPathName });
  const input = inputs.reduce<z.core.$ZodType | undefined>(
    (all, next) => (all === undefined ? next : z.intersection(all, next)),
    undefined,
  );
  return [{ procedure, type, method, path, input, output, meta: facts }];
}

/** `auth.sessions.revokeOthers` becomes `/auth/sessions/revoke-others`; `auth.sessions.list` becomes `/auth/sessions`. */
function pathOf(
  procedure: string,
  { method, lastName }: { method: PlainRoute['method']; lastName: string | undefined },
): string {
  const names = procedure.split('.');
  const last = names.pop() ?? '';
  const isCollection = method === 'GET' && last === 'list' && names.length > 0;
  const parts = [...names, ...(isCollection ? [] : [last])].map(toKebabCase);
  if (lastName !== undefined) parts[parts.length - 1] = lastName;
  return `/${parts.join('/')}`;
}

function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
