import { randomBytes } from 'node:crypto';

function secret() {
  return randomBytes(32).toString('base64url');
}

/** What the app needs to start as in production, on the loopback and with secrets of its own. */
export function productionEnv(): Record<string, string> {
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    BCRYPT_COST: '10',
    ACCESS_TOKEN_SECRET: secret(),
    REFRESH_TOKEN_SECRET: secret(),
    PASSWORD_PEPPER: secret(),
  };
}
