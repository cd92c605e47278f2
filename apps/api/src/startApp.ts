import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AuthEvent, type AuthMailer, createAuth } from '@latchkey/server';
import express from 'express';
import type { Connection } from 'mongoose';
import { createApp } from './app.js';
import { openDatabase } from './database.js';
import type { Env } from './env/parseEnv.js';
import { ensureSecrets, type Secrets } from './env/secrets.js';
import { closeServer } from './http/closeServer.js';
import { createHttpServer } from './http/httpServer.js';
import { createMetrics, type Metrics } from './http/metrics.js';
import type { Inspector } from './inspector/createInspector.js';
import { loadInspector } from './inspector/loadInspector.js';
import type { Logger } from './log.js';
import { createMail } from './mail/mail.js';
import { createNoteFeed } from './notes/noteFeed.js';
import { createNotes } from './notes/notes.js';
import { createAppRouter } from './router.js';
import { untilDatabaseAnswers } from './untilDatabaseAnswers.js';

/** How long requests in flight may take when the process shuts down. */
const GRACE_MS = 7_000;

export interface RunningApp {
  port: number;
  /** Finishes what is in flight and closes everything. A second call waits for the first. */
  stop(): Promise<void>;
}

/** Starts the app: secrets and database, auth, routers, Express, and at last the port. */
export async function startApp({ env, log }: { env: Env; log: Logger }): Promise<RunningApp> {
  const [secrets, database] = await Promise.all([ensureSecrets(env), openDatabase(env, log)]);
  const { connection } = database;
  const stopping = new AbortController();
  const metrics = createMetrics({
    status: () => auth.status(),
    isProcedure: (path) => Object.hasOwn(router._def.procedures, path),
  });
  const inspector = await loadInspector({ env, connection, stopping: stopping.signal });
  const { mailer, mailbox } = createMail(env, log);
  const auth = createAuth(authOptions({ env, secrets, connection, log, metrics, inspector, mailer }));
  const feed = createNoteFeed({ connection, pollMs: env.revocationPollMs });
  const notes = createNotes({ connection, feed });
  await untilDatabaseAnswers(log, () => Promise.all([auth.start(), notes.start()]));

  const router = createAppRouter({ auth, notes, feed, stopping: stopping.signal });
  const app = createApp({
    env,
    log,
    connection,
    auth,
    router,
    metrics,
    inspector,
    mailbox,
    stopping: stopping.signal,
  });
  const server = createHttpServer(app);
  const port = await listen(server, env);
  const metricsServer = await startMetricsServer(env, metrics);

  let stopped: Promise<void> | undefined;
  return { port, stop: () => (stopped ??= stop()) };

  async function stop() {
    stopping.abort();
    if (await closeServer(server, GRACE_MS)) log.warn('requests still in flight were cut off');
    if (metricsServer) await closeServer(metricsServer, 1_000);
    await auth.stop();
    mailer?.close();
    await database.close();
  }
}

/** Serves metrics on a separate port, so that a proxy can serve the app without them. */
async function startMetricsServer({ metricsPort, host }: Env, metrics: Metrics): Promise<Server | undefined> {
  if (metricsPort === undefined) return undefined;
  const server = createHttpServer(express().disable('x-powered-by').use(metrics.router));
  await listen(server, { port: metricsPort, host });
  return server;
}

export interface AuthParts {
  env: Env;
  secrets: Secrets;
  connection: Connection;
  log: Logger;
  metrics: Pick<Metrics, 'countEvent'>;
  mailer: AuthMailer | undefined;
  inspector?: Inspector | undefined;
}

/** The app's options for Latchkey. */
export function authOptions({ env, secrets, connection, log, metrics, mailer, inspector }: AuthParts) {
  return {
    mongoose: connection,
    appUrl: env.appUrl,
    allowedOrigins: env.allowedOrigins,
    production: env.production,
    accessToken: {
      keys: secrets.accessTokenKeys,
      lifetimeMs: env.accessTokenMs,
      transport: env.accessTokenTransport,
      issuer: env.tokenIssuer,
      audience: env.tokenIssuer,
      ...(inspector && { lifetimeOf: inspector.lifetimeOf }),
    },
    refreshToken: {
      keys: secrets.refreshTokenKeys,
      lifetimeMs: env.refreshTokenMs,
      graceMs: env.refreshGraceMs,
    },
    session: { lifetimeMs: env.sessionMs, idleMs: env.sessionIdleMs },
    password: {
      pepper: secrets.passwordPepper,
      bcryptCost: env.bcryptCost,
      minLength: env.passwordMinLength,
    },
    activity: { retentionMs: env.activityRetentionMs },
    revocation: { pollMs: env.revocationPollMs },
    cookie: { domain: env.cookieDomain, sameSite: env.cookieSameSite },
    ...(mailer && { mail: mailer }),
    onEvent: ({ error, ...event }: AuthEvent) => {
      metrics.countEvent(event);
      if (error === undefined) log.info({ event }, 'security event');
      else log.error({ event, err: error }, 'background task failed');
    },
  };
}

async function listen(server: Server, { port, host }: Pick<Env, 'port' | 'host'>): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // A server that listens on a port has an address object.
  return (server.address() as AddressInfo).port;
}
