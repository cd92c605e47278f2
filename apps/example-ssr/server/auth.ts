import { createAuth } from '@latchkey/server';
import { connection } from './database.js';
import { secret } from './secrets.js';
import { PORT } from './settings.js';

export const auth = createAuth({
  mongoose: connection,
  appUrl: process.env.APP_URL ?? `http://localhost:${PORT}`,
  accessToken: {
    transport: 'cookie',
    keys: [secret('ACCESS_TOKEN_SECRET')],
    lifetimeMs: Number(process.env.ACCESS_TOKEN_MS ?? 15 * 60_000),
  },
  refreshToken: { keys: [secret('REFRESH_TOKEN_SECRET')] },
  password: { pepper: secret('PASSWORD_PEPPER') },
});
