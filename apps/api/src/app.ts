import { fileURLToPath } from 'node:url';
import type { Auth } from '@latchkey/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import cors from 'cors';
import express, { type Express } from 'express';
import type { Connection } from 'mongoose';
import type { Env } from './env/parseEnv.js';
import { handleError, notFound, onlyKnownMethods, onlyReadablePaths } from './http/fallbacks.js';
import { healthRouter } from './http/health.js';
import type { Metrics } from './http/metrics.js';
import { plainHttpRouter } from './http/plainHttp.js';
import { securityHeaders } from './http/securityHeaders.js';
import { webApp } from './http/web.js';
import type { Inspector } from './inspector/createInspector.js';
import { type Logger, logRequests } from './log.js';
import type { DevMailbox } from './mail/devMailbox.js';
import type { AppRouter } from './router.js';
import { logProcedureError } from './trpcLog.js';

/** Bytes of a request body: enough for a full batch of the longest notes. */
const MAX_BODY_SIZE = 256 * 1024;
const MAX_BATCH_SIZE = 20;

const WEB_DIST = fileURLToPath(new URL('../../web/dist/', import.meta.url));

export interface AppParts {
  env: Env;
  log: Logger;
  connection: Connection;
  auth: Auth;
  router: AppRouter;
  metrics: Metrics;
  /** Outside production only. */
  inspector?: Inspector | undefined;
  /** Outside production only. */
  mailbox: Pick<DevMailbox, 'router'> | undefined;
  /** Aborts when the process begins to shut down. */
  stopping: AbortSignal;
}

/** Builds the HTTP side. A request passes the handlers in the order of these lines. */
export function createApp(parts: AppParts): Express {
  const { env, log, connection, auth, router, metrics, inspector, mailbox, stopping } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', env.trustProxy);
  app.set('query parser', 'simple');

  app.use(logRequests(log));
  app.use(securityHeaders(env));
  app.use(metrics.timeRequests);
  if (env.metricsPort === undefined) app.use(metrics.router);
  app.use(healthRouter({ connection, stopping, revocationFeed: () => auth.status().revocationFeed }));
  if (mailbox !== undefined) app.use(mailbox.router);
  app.use(allowOrigins(env.allowedOrigins));
  app.use(plainHttpRouter({ env, log, auth, router }));
  app.use(onlyKnownMethods);
  if (inspector) app.use('/dev/inspector', inspector.router).use('/trpc', inspector.traffic);
  app.use(
    '/trpc',
    auth.express(),
    createExpressMiddleware({
      router,
      createContext: auth.createContext,
      maxBodySize: MAX_BODY_SIZE,
      maxBatchSize: MAX_BATCH_SIZE,
      allowMethodOverride: false,
      onError: logProcedureError(log),
      // tRPC overwrites the Vary header of cors.
      responseMeta: () => ({ headers: new Headers({ vary: 'Origin' }) }),
    }),
  );
  app.use(onlyReadablePaths);
  app.get('/.well-known/jwks.json', (_req, res) => {
    res.set('cache-control', 'public, max-age=300').json(auth.jwks());
  });
  app.use(webApp(WEB_DIST));
  app.use(notFound);
  app.use(handleError(log));
  return app;
}

/** Lets pages of these origins read answers. Requests of other origins are refused by the guards, not here. */
function allowOrigins(origin: string[]) {
  return cors({
    origin,
    credentials: true,
    methods: ['GET', 'POST'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'last-event-id',
      'trpc-accept',
      'x-latchkey',
      'x-latchkey-episode',
      'x-latchkey-transport',
    ],
    exposedHeaders: ['retry-after', 'www-authenticate'],
    maxAge: 600,
  });
}
