import { withTimeout } from '@latchkey/server';
import { Router } from 'express';
import type { Connection } from 'mongoose';

const PING_TIMEOUT_MS = 1_000;

export interface HealthParts {
  connection: Connection;
  revocationFeed: () => { ageMs: number; healthy: boolean };
  /** Aborts when the process begins to shut down. */
  stopping: AbortSignal;
}

/**
 * Serves `/healthz` (this process runs) and `/readyz` (it can serve: the database answers, the revocation feed
 * is current and the process is not shutting down; 503 otherwise).
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
