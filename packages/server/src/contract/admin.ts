import { z } from 'zod';
import { pageInput, pageOf } from './pages.js';
import { text } from './text.js';
import { userSchema } from './user.js';

/** The input of `admin.users.list`: the beginning of a name or an e-mail address; `limit` is 50 by default. */
export const adminUserListSchema = z.strictObject({ ...pageInput, search: text(320).optional() }).optional();

/** The output of `admin.users.list`, ordered by name. */
export const adminUserPageSchema = pageOf(userSchema.extend({ disabled: z.boolean() }));

/** The input of `admin.users.disable`, `enable` and `revokeSessions`: a user's id. */
export const adminUserSchema = z.strictObject({ id: text(64) });

/** A user, as administrators see it. */
export type AdminUser = z.infer<typeof adminUserPageSchema>['items'][number];
