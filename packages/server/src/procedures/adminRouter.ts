import type { DisableUser } from '../admin/disableUser.js';
import type { EnableUser } from '../admin/enableUser.js';
import type { EndSessions } from '../admin/endSessions.js';
import type { ListUsers } from '../admin/listUsers.js';
import { adminUserListSchema, adminUserPageSchema, adminUserSchema } from '../contract/index.js';
import { shapeError } from '../errors/errorShape.js';
import { ADMIN_ROLE } from '../user/roles.js';
import type { Guards } from './guards.js';
import { OK, okSchema, PAGE_SIZE, revokedSchema } from './schemas.js';
import { router } from './trpc.js';

interface AdminRouterParts {
  readonly guards: Pick<Guards, 'strictRoleProcedure'>;
  readonly listUsers: ListUsers;
  readonly disableUser: DisableUser;
  readonly enableUser: EnableUser;
  readonly endSessions: EndSessions;
}

/** The `admin` router. Every procedure reads from the database whether the caller is an administrator. */
export function createAdminRouter(parts: AdminRouterParts) {
  const { guards, listUsers, disableUser, enableUser, endSessions } = parts;
  const adminProcedure = guards
    .strictRoleProcedure(ADMIN_ROLE)
    .errors(shapeError)
    .use(({ ctx, next }) =>
      next({ ctx: { admin: { userId: ctx.session.userId, client: ctx.latchkey.client } } }),
    );

  return router({
    users: router({
      list: adminProcedure
        .input(adminUserListSchema)
        .output(adminUserPageSchema)
        .query(({ input }) => {
          const { search = '', cursor, limit = PAGE_SIZE } = input ?? {};
          return listUsers({ search, cursor: cursor ?? undefined, limit });
        }),

      disable: adminProcedure
        .input(adminUserSchema)
        .output(okSchema)
        .mutation(async ({ ctx, input }) => {
          await disableUser.disableAs(ctx.admin, input.id);
          return OK;
        }),

      enable: adminProcedure
        .input(adminUserSchema)
        .output(okSchema)
        .mutation(async ({ ctx, input }) => {
          await enableUser.enableAs(ctx.admin, input.id);
          return OK;
        }),

      revokeSessions: adminProcedure
        .input(adminUserSchema)
        .output(revokedSchema)
        .mutation(async ({ ctx, input }) => ({ revoked: await endSessions(ctx.admin, input.id) })),
    }),
  });
}
