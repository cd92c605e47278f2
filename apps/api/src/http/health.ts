import { withTimeout } from '@latchkey/server';
import { Router } from 'express';
import type { Connection } from 'mongoose';

const PING_TIMEOUT_MS = 1_000;

/** What readiness is made of. */
export interface HealthParts {
  connection: Connection;
  /** The revocation feed of this process. */
  revocationFeed: () => { ageMs: number; healthy: boolean };
  /** Aborted once the process begins to shut down. */
  stopping: AbortSignal;
}

/**
 * `/healthz`: this process runs. `/readyz`: it can serve, that is, the database answers, news of revoked
 * sessions arrive and nobody has asked it to stop; 503 otherwise.
 */
export function healthRouter({ connection, revocationFeed, stopping }: HealthParts): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.set('cache-control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', async (_req, res) => {
    const database = (await answers(connection)) ? 'up' : 'down';
    const { ageMs, healthy } = revocationFeed();
    const ready = database === 'up' && healthy && !stopping.aborted;
    res.status(ready ? 200 : 503).set('cache-control', 'no-store');
    res.json({ database, revocationFeed: { ageMs: Math.round(ageMs) } });
  });
  return router;
}

async function answers({ db }: Connection): Promise<boolean> {
  try {
    if (db) await withTimeout(db.command({ ping: 1 }), PING_TIMEOUT_MS);
    return db !== undefined;
  } catch {
    return false;
  }
}
