import type { AdminUser } from '../contract/index.js';
import { toUser } from '../user/userModel.js';
import type { UserQuery, UserStore } from '../user/userStore.js';

/** Creates the use case that lists users for administrators, a page at a time. */
export function createListUsers({ users }: { users: Pick<UserStore, 'list'> }) {
  return async (query: UserQuery): Promise<{ items: AdminUser[]; nextCursor: string | null }> => {
    const { records, nextCursor } = await users.list(query);
    const items = records.map((record) => ({ ...toUser(record), disabled: record.disabledAt !== null }));
    return { items, nextCursor };
  };
}

export type ListUsers = ReturnType<typeof createListUsers>;
