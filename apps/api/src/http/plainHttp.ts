import type { Auth } from '@latchkey/server';
import { createPlainHttp } from '@latchkey/server/plain-http';
import { type Request, type Response, Router } from 'express';
import type { Env } from '../env/parseEnv.js';
import type { Logger } from '../log.js';
import type { AppRouter } from '../router.js';
import { logProcedureError } from '../trpcLog.js';
import { docsRouter } from './docs.js';

/** Serves the procedures at `/auth/*` and `/admin/*`, `/openapi.json`, and outside production `/docs`. */
export function plainHttpRouter(parts: {
  env: Pick<Env, 'production'>;
  log: Logger;
  auth: Auth;
  router: AppRouter;
}): Router {
  const { env, log, auth, router } = parts;
  const onError = logProcedureError(log);
  const plain = createPlainHttp<Request, Response>(auth, { router, onError });
  const document = plain.openApiDocument();
  const routes = Router();
  routes.use(plain.handler);
  routes.get('/openapi.json', (_req, res) => {
    res.set('cache-control', 'no-cache').json(document);
  });
  if (!env.production) routes.use(docsRouter());
  return routes;
}
