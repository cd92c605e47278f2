import { randomBytes } from 'node:crypto';

function secret() {
  return randomBytes(32).toString('base64url');
}

/** The environment of a production start on loopback, with fresh secrets. */
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
