import type { AuthEvent, RevocationFeedStatus } from '@latchkey/server';
import { type RequestHandler, Router } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the app counts about itself. */
export interface Metrics {
  /** Serves everything counted, in Prometheus's text format, at `/metrics`. */
  router: Router;
  /** Times requests by method and status; addresses are left out, since anybody can invent them. */
  timeRequests: RequestHandler;
  /** Counts security events by their type. */
  countEvent(event: Pick<AuthEvent, 'type'>): void;
}

/** Metrics of one process; every label has a bounded set of values. */
export function createMetrics(options: { revocationFeed: () => RevocationFeedStatus }): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const events = new Counter({
    name: 'latchkey_security_events_total',
    help: 'Security events by type.',
    labelNames: ['type'],
    registers,
  });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by method and status.',
    labelNames: ['method', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  new Gauge({
    name: 'latchkey_revocation_feed_age_seconds',
    help: 'Time since the last successful look for revoked sessions.',
    registers,
    collect() {
      this.set(options.revocationFeed().ageMs / 1_000);
    },
  });

  const router = Router();
  router.get('/metrics', async (_req, res) => {
    res.set({ 'content-type': register.contentType, 'cache-control': 'no-store' });
    res.send(await register.metrics());
  });
  return {
    router,
    timeRequests(req, res, next) {
      const stop = durations.startTimer();
      res.once('close', () => stop({ method: req.method, status: res.statusCode }));
      next();
    },
    countEvent: ({ type }) => events.inc({ type }),
  };
}
