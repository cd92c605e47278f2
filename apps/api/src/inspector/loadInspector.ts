import type { Connection } from 'mongoose';
import type { Env } from '../env/parseEnv.js';
import type { Inspector } from './createInspector.js';

/** Creates the inspector outside production. In production its code is not even loaded. */
export async function loadInspector(parts: {
  env: Env;
  connection: Connection;
  stopping: AbortSignal;
}): Promise<Inspector | undefined> {
  const { env, ...rest } = parts;
  if (env.production) return undefined;
  const { createInspector } = await import('./createInspector.js');
  const { allowedOrigins, refreshGraceMs: graceMs, accessTokenMs } = env;
  return createInspector({ ...rest, allowedOrigins, graceMs, accessTokenMs });
}
