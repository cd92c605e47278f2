import { ACTIVITY_CURSOR, type Activity } from '../activity/activity.js';
import { activityListSchema, activityPageSchema } from '../contract/index.js';
import { AuthError } from '../errors/authError.js';
import { toErrorShape } from '../errors/errorShape.js';
import { describeDevice } from '../session/device.js';
import type { Guards } from './guards.js';
import { router } from './trpc.js';

const DEFAULT_LIMIT = 50;

/** The `auth.activity` router: what happened to the caller's own account. */
export function createActivityRouter({
  guards,
  activity,
}: {
  guards: Pick<Guards, 'protectedProcedure'>;
  activity: Pick<Activity, 'list'>;
}) {
  return router({
    list: guards.protectedProcedure
      .errors(({ error, path }) => toErrorShape(error, path))
      .input(activityListSchema)
      .output(activityPageSchema)
      .query(async ({ ctx, input }) => {
        const { cursor, limit = DEFAULT_LIMIT } = input ?? {};
        if (cursor != null && !ACTIVITY_CURSOR.test(cursor)) {
          throw new AuthError('VALIDATION', { fields: { cursor: ['This is no cursor of a page.'] } });
        }
        const page = { cursor: cursor ?? undefined, limit };
        const { records, nextCursor } = await activity.list(ctx.session.userId, page);
        const items = records.map(({ at, type, client }) => ({
          at: at.toISOString(),
          type,
          ip: client?.ip ?? null,
          device: client && describeDevice(client.userAgent),
        }));
        return { items, nextCursor };
      }),
  });
}
