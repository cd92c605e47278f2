import type { DatabaseClock } from './databaseClock.js';

/** Starting and stopping what runs beside the requests. */
export interface StartUp {
  /**
   * Resolves when everything runs; starts it at the first call, and again after a failure. Nothing to wait
   * for once everything runs: every request asks, and awaiting would cost each of them.
   */
  ready(): Promise<void> | undefined;
  stop(): Promise<void>;
}

const CLOCK_INTERVAL_MS = 30_000;

/** Indexes, clock and revocation feed, begun once however many requests arrive first. */
export function createStartUp(options: {
  models: readonly { createIndexes(): Promise<unknown> }[];
  revocations: { start(): Promise<void>; stop(): Promise<void> };
  databaseClock: DatabaseClock;
  /** Whether deadlines are judged by the database's clock. */
  followsDatabase: boolean;
  onError: (error: unknown) => void;
}): StartUp {
  const { models, revocations, databaseClock, followsDatabase, onError } = options;
  let started: Promise<void> | undefined;
  let running = false;
  let timer: NodeJS.Timeout | undefined;

  const start = async () => {
    if (followsDatabase) await databaseClock.synchronise();
    await Promise.all(models.map((model) => model.createIndexes()));
    await revocations.start();
    running = true;
    if (!followsDatabase) return;
    timer = setInterval(() => void databaseClock.synchronise().catch(onError), CLOCK_INTERVAL_MS);
    timer.unref();
  };

  return {
    ready() {
      if (running) return undefined;
      started ??= start().catch((error: unknown) => {
        started = undefined;
        throw error;
      });
      return started;
    },
    async stop() {
      clearInterval(timer);
      await revocations.stop();
      started = undefined;
      running = false;
    },
  };
}
