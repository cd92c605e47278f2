import { TRPCError } from '@trpc/server';
import { z } from 'zod';
import { revokeSessionSchema, type SessionInfo, sessionInfoSchema } from '../contract/index.js';
import { toErrorShape } from '../errors/errorShape.js';
import { describeDevice } from '../session/device.js';
import type { SessionRecord } from '../session/sessionModel.js';
import type { Sessions } from '../session/sessions.js';
import type { Accounts } from '../signIn/accounts.js';
import type { Guards } from './guards.js';
import { optionalInput } from './optionalInput.js';
import { noInput, okSchema, revokedSchema } from './schemas.js';
import { router } from './trpc.js';

/** `auth.sessions`: a person's own sessions. */
export function createSessionsRouter(options: {
  guards: Guards;
  sessions: Sessions;
  accounts: Pick<Accounts, 'endAllSessions'>;
}) {
  const { guards, sessions, accounts } = options;
  const strict = guards.strictProcedure.errors(({ error, path }) => toErrorShape(error, path));
  return router({
    list: guards.protectedProcedure
      .errors(({ error, path }) => toErrorShape(error, path))
      .input(noInput)
      .output(z.array(sessionInfoSchema))
      .query(async ({ ctx: { session } }) => {
        const live = await sessions.list(session.userId);
        return live.map((record) => toSessionInfo(record, session.id));
      }),

    revoke: strict
      .input(revokeSessionSchema)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        const own = { userId: ctx.session.userId, sessionId: input.id };
        // Another person's session is answered as if there were none: ids tell nothing.
        if (!(await sessions.endOwn(own, 'revoked', ctx.latchkey.client))) {
          throw new TRPCError({ code: 'NOT_FOUND', message: 'You have no such session.' });
        }
        return { ok: true as const };
      }),

    revokeOthers: strict
      .concat(optionalInput)
      .input(noInput)
      .output(revokedSchema)
      .mutation(async ({ ctx: { session, latchkey } }) => ({
        revoked: await accounts.endAllSessions(session.userId, {
          except: session.id,
          client: latchkey.client,
        }),
      })),
  });
}

function toSessionInfo(record: SessionRecord, currentId: string): SessionInfo {
  return {
    id: record._id,
    current: record._id === currentId,
    createdAt: record.createdAt.toISOString(),
    lastUsedAt: record.lastUsedAt.toISOString(),
    expiresAt: record.expiresAt.toISOString(),
    ip: record.client.ip,
    device: describeDevice(record.client.userAgent),
  };
}
