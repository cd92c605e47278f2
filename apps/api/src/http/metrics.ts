import type { Auth, AuthEvent } from '@latchkey/server';
import { type NextFunction, type Request, type Response, Router } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { calledProcedure } from './calledProcedure.js';

export type Metrics = ReturnType<typeof createMetrics>;

export interface MetricsOptions {
  status: Status;
  /** Whether the app has a procedure of this path. */
  isProcedure: (path: string) => boolean;
}

type Status = () => ReturnType<Auth['status']>;

const SIGN_IN_OUTCOMES = {
  authn_login_success: 'success',
  authn_login_successafterfail: 'success',
  authn_login_fail: 'failure',
  authn_login_lock: 'locked',
} as const;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Creates the metrics of one process. Every label has a bounded set of values. */
export function createMetrics({ status, isProcedure }: MetricsOptions) {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const events = new Counter({
    name: 'latchkey_security_events_total',
    help: 'Security events by type.',
    labelNames: ['type'],
    registers,
  });
  const signIns = new Counter({
    name: 'latchkey_sign_ins_total',
    help: 'Attempts to sign in by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const alarms = new Counter({
    name: 'latchkey_reuse_alarms_total',
    help: 'Superseded refresh tokens that were presented: thefts.',
    registers,
  });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by procedure, method and status.',
    labelNames: ['procedure', 'method', 'status'],
    buckets: SECONDS,
    registers,
  });
  collectRefreshes(status, registers);
  collectRevocationFeed(status, registers);
  collectPasswordHashing(status, registers);

  const router: Router = Router();
  router.get('/metrics', async (_req, res) => {
    res.set({ 'content-type': register.contentType, 'cache-control': 'no-store' });
    res.send(await register.metrics());
  });
  return {
    /** Serves all metrics at `/metrics` in the text format of Prometheus. */
    router,
    /** Times requests by procedure, method and status. Every unknown address counts as `other`. */
    timeRequests(req: Request, res: Response, next: NextFunction) {
      const labels = { procedure: calledProcedure(req.path, isProcedure), method: req.method };
      const stop = durations.startTimer(labels);
      res.once('close', () => stop({ status: res.statusCode }));
      next();
    },
    /** Counts security events by type, and sign-ins by outcome too. */
    countEvent({ type }: Pick<AuthEvent, 'type'>) {
      events.inc({ type });
      if (type === 'authn_token_reuse') alarms.inc();
      if (isSignIn(type)) signIns.inc({ outcome: SIGN_IN_OUTCOMES[type] });
    },
  };
}

function isSignIn(type: string): type is keyof typeof SIGN_IN_OUTCOMES {
  return Object.hasOwn(SIGN_IN_OUTCOMES, type);
}

function collectRefreshes(status: Status, registers: Registry[]) {
  new Counter({
    name: 'latchkey_refreshes_total',
    help: 'Presented refresh tokens by what was decided.',
    labelNames: ['decision'],
    registers,
    collect() {
      this.reset();
      for (const [decision, count] of Object.entries(status().refreshes)) this.inc({ decision }, count);
    },
  });
}

function collectRevocationFeed(status: Status, registers: Registry[]) {
  new Gauge({
    name: 'latchkey_revocation_feed_age_seconds',
    help: 'Time since the last successful poll for revoked sessions.',
    registers,
    collect() {
      this.set(status().revocationFeed.ageMs / 1_000);
    },
  });
  new Gauge({
    name: 'latchkey_revocation_lag_seconds',
    help: 'How long the last revocation of another node took to arrive; absent before the first.',
    labelNames: [],
    registers,
    collect() {
      const { lagMs } = status().revocationFeed;
      this.remove();
      if (lagMs !== undefined) this.set(lagMs / 1_000);
    },
  });
}

function collectPasswordHashing(status: Status, registers: Registry[]) {
  new Gauge({
    name: 'latchkey_password_hashes',
    help: 'Password hashes that are being computed, and that wait in the queue.',
    labelNames: ['state'],
    registers,
    collect() {
      const { running, waiting } = status().hashing;
      this.set({ state: 'running' }, running);
      this.set({ state: 'waiting' }, waiting);
    },
  });
  new Counter({
    name: 'latchkey_password_hashes_refused_total',
    help: 'Password hashes refused because the queue was full or the wait too long.',
    registers,
    collect() {
      this.reset();
      this.inc(status().hashing.refused);
    },
  });
}
