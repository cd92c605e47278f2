import { randomUUID } from 'node:crypto';

/** The password of every user. */
export const PASSWORD = 'gravel-orbit-wombat-41';

/** The data of a user who has not signed up yet. */
export function newUser() {
  const username = `bench-${randomUUID().slice(0, 18)}`;
  return { username, email: `${username}@example.com`, password: PASSWORD };
}
