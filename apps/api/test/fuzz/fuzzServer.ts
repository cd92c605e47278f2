import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuth } from '@latchkey/server';
import type { Connection } from 'mongoose';
import { createApp } from '../../src/app.js';
import { freePort } from '../../src/env/freePort.js';
import { parseEnv } from '../../src/env/parseEnv.js';
import { createMetrics } from '../../src/http/metrics.js';
import { createLog } from '../../src/log.js';
import { createMail } from '../../src/mail/mail.js';
import { createNoteFeed } from '../../src/notes/noteFeed.js';
import { createNotes } from '../../src/notes/notes.js';
import { type AppRouter, createAppRouter } from '../../src/router.js';

const UNCOUNTED = { account: [], address: [] };

function isError(line: string) {
  return line.includes('"level":"error"') || line.includes('"level":"fatal"');
}

function secret() {
  return randomBytes(48).toString('base64');
}

export interface FuzzServer extends AsyncDisposable {
  url: string;
  router: AppRouter;
  /** The lines that it has logged as errors. */
  errors(): readonly string[];
}

/** Starts the app without limits, and with its router at hand. */
export async function startFuzzServer(connection: Connection): Promise<FuzzServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-fuzz-'));
  const port = await freePort('127.0.0.1');
  const env = parseEnv({ NODE_ENV: 'test', DATA_DIR: dataDir, PORT: String(port) });
  const lines: string[] = [];
  const log = createLog({ write: (line) => void (isError(line) && lines.push(line)) });
  const { mailer, mailbox } = createMail(env, log);
  const auth = createAuth({
    mongoose: connection,
    appUrl: env.appUrl,
    production: false,
    accessToken: { keys: [secret()] },
    refreshToken: { keys: [secret()] },
    password: { pepper: secret(), bcryptCost: 4 },
    limits: {
      login: UNCOUNTED,
      register: UNCOUNTED,
      link: UNCOUNTED,
      'password-reset': UNCOUNTED,
      'email-verification': UNCOUNTED,
      'password-check': UNCOUNTED,
    },
    ...(mailer && { mail: mailer }),
  });
  const feed = createNoteFeed({ connection, pollMs: 1_000 });
  const notes = createNotes({ connection, feed });
  await Promise.all([auth.start(), notes.start()]);
  const stopping = new AbortController();
  const router = createAppRouter({ auth, notes, feed, stopping: stopping.signal });
  const metrics = createMetrics({
    status: () => auth.status(),
    isProcedure: (path) => Object.hasOwn(router._def.procedures, path),
  });
  const app = createApp({ env, log, connection, auth, router, metrics, mailbox, stopping: stopping.signal });
  const server = createServer(app).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    router,
    errors: () => lines,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await auth.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
