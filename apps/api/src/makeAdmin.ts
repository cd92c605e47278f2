import { createAuth } from '@latchkey/server';
import { openDatabase } from './database.js';
import type { Env } from './env/parseEnv.js';
import { ensureSecrets } from './env/secrets.js';
import type { Logger } from './log.js';
import { authOptions } from './startApp.js';

const ADMIN_ROLE = 'admin';

/**
 * Makes a user an administrator and ends their sessions. May be repeated.
 *
 * @returns whether there is such a user
 */
export async function makeAdmin({
  env,
  log,
  username,
}: {
  env: Env;
  log: Logger;
  username: string;
}): Promise<boolean> {
  const [secrets, database] = await Promise.all([ensureSecrets(env), openDatabase(env, log)]);
  const { connection } = database;
  const quiet = { metrics: { countEvent() {} }, mailer: undefined };
  const auth = createAuth(authOptions({ env, secrets, connection, log, ...quiet }));
  try {
    const user = await auth.users.findByUsername(username);
    if (user === undefined) return false;
    return await auth.users.setRoles(user.id, [...new Set([...user.roles, ADMIN_ROLE])]);
  } finally {
    await auth.stop();
    await database.close();
  }
}
