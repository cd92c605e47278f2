import { randomUUID } from 'node:crypto';

/** Everybody's password. */
export const PASSWORD = 'gravel-orbit-wombat-41';

/** Somebody who has not signed up yet. */
export function newUser() {
  const username = `bench-${randomUUID().slice(0, 18)}`;
  return { username, email: `${username}@example.com`, password: PASSWORD };
}
