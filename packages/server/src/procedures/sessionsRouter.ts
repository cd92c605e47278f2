import { z } from 'zod';
import { revokeSessionSchema, type SessionInfo, sessionInfoSchema } from '../contract/index.js';
import { AuthError } from '../errors/authError.js';
import { shapeError } from '../errors/errorShape.js';
import { describeDevice } from '../http/device.js';
import type { SessionRecord } from '../session/sessionModel.js';
import type { Sessions } from '../session/sessions.js';
import type { EndAllSessions } from '../signIn/endAllSessions.js';
import type { Guards } from './guards.js';
import { optionalInput } from './optionalInput.js';
import { noInput, OK, okSchema, revokedSchema } from './schemas.js';
import { router } from './trpc.js';

/** `auth.sessions`: a person's own sessions. */
export function createSessionsRouter(parts: {
  guards: Guards;
  sessions: Pick<Sessions, 'list' | 'endOwn'>;
  endAllSessions: EndAllSessions;
}) {
  const { guards, sessions, endAllSessions } = parts;
  const strictProcedure = guards.strictProcedure.errors(shapeError);
  return router({
    list: guards.protectedProcedure
      .errors(shapeError)
      .input(noInput)
      .output(z.array(sessionInfoSchema))
      .query(async ({ ctx: { session } }) => {
        const live = await sessions.list(session.userId);
        return live.map((record) => toSessionInfo(record, session.id));
      }),

    revoke: strictProcedure
      .input(revokeSessionSchema)
      .output(okSchema)
      .mutation(async ({ ctx, input }) => {
        const own = { userId: ctx.session.userId, sessionId: input.id };
        // Another person's session is answered as if there were none, so that ids tell nothing.
        if (!(await sessions.endOwn(own, 'revoked', ctx.latchkey.client))) throw new AuthError('NOT_FOUND');
        return OK;
      }),

    revokeOthers: strictProcedure
      .concat(optionalInput)
      .input(noInput)
      .output(revokedSchema)
      .mutation(async ({ ctx: { session, latchkey } }) => ({
        revoked: await endAllSessions(session.userId, { except: session.id, client: latchkey.client }),
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
