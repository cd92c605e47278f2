import { ACTIVITY_CURSOR, type Activity } from '../activity/activity.js';
import { activityListSchema, activityPageSchema } from '../contract/index.js';
import { AuthError } from '../errors/authError.js';
import { shapeError } from '../errors/errorShape.js';
import { describeDevice } from '../http/device.js';
import type { Guards } from './guards.js';
import { PAGE_SIZE } from './schemas.js';
import { router } from './trpc.js';

/** `auth.activity`: what happened to the caller's own account. */
export function createActivityRouter(parts: {
  guards: Pick<Guards, 'protectedProcedure'>;
  activity: Pick<Activity, 'list'>;
}) {
  const { guards, activity } = parts;
  return router({
    list: guards.protectedProcedure
      .errors(shapeError)
      .input(activityListSchema)
      .output(activityPageSchema)
      .query(async ({ ctx, input }) => {
        const { limit = PAGE_SIZE } = input ?? {};
        const cursor = input?.cursor ?? undefined;
        if (cursor !== undefined && !ACTIVITY_CURSOR.test(cursor))
          throw new AuthError('VALIDATION', { fields: { cursor: ['This is not the cursor of a page.'] } });
        const { records, nextCursor } = await activity.list(ctx.session.userId, { cursor, limit });
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
