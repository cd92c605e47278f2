import { TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc';
import type { Administration, Refused } from '../admin/administration.js';
import { adminUserListSchema, adminUserPageSchema, adminUserSchema } from '../contract/index.js';
import { toErrorShape } from '../errors/errorShape.js';
import type { Guards } from './guards.js';
import { okSchema, revokedSchema } from './schemas.js';
import { router } from './trpc.js';

const DEFAULT_LIMIT = 50;

const ok = { ok: true } as const;

const REFUSALS = {
  'unknown user': { code: 'NOT_FOUND', message: 'There is no such user.' },
  'own account': { code: 'FORBIDDEN', message: 'Administrators cannot disable their own account.' },
  'last administrator': { code: 'CONFLICT', message: 'This is the last administrator.' },
} as const satisfies Record<Refused, { code: TRPC_ERROR_CODE_KEY; message: string }>;

function assertDone<T>(outcome: T | Refused): T {
  if (isRefused(outcome)) throw new TRPCError(REFUSALS[outcome]);
  return outcome;
}

const isRefused = (outcome: unknown): outcome is Refused =>
  typeof outcome === 'string' && Object.hasOwn(REFUSALS, outcome);

/** The `admin` router. Every procedure asks the database whether the caller still is an administrator. */
export function createAdminRouter({
  guards,
  administration,
}: {
  guards: Pick<Guards, 'strictRoleProcedure'>;
  administration: Administration;
}) {
  const adminProcedure = guards
    .strictRoleProcedure(administration.role)
    .errors(({ error, path }) => toErrorShape(error, path))
    .use(({ ctx, next }) =>
      next({ ctx: { admin: { userId: ctx.session.userId, client: ctx.latchkey.client } } }),
    );

  return router({
    users: router({
      list: adminProcedure
        .input(adminUserListSchema)
        .output(adminUserPageSchema)
        .query(({ input }) => {
          const { search = '', cursor, limit = DEFAULT_LIMIT } = input ?? {};
          return administration.list({ search, cursor: cursor ?? undefined, limit });
        }),

      disable: adminProcedure
        .input(adminUserSchema)
        .output(okSchema)
        .mutation(async ({ ctx, input }) => {
          assertDone(await administration.disable(input.id, ctx.admin));
          return ok;
        }),

      enable: adminProcedure
        .input(adminUserSchema)
        .output(okSchema)
        .mutation(async ({ ctx, input }) => {
          assertDone(await administration.enable(input.id, ctx.admin));
          return ok;
        }),

      revokeSessions: adminProcedure
        .input(adminUserSchema)
        .output(revokedSchema)
        .mutation(async ({ ctx, input }) => {
          const outcome = await administration.revokeSessions(input.id, ctx.admin);
          return { revoked: assertDone(outcome) };
        }),
    }),
  });
}
