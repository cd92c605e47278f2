import type { DatabaseClock } from './databaseClock.js';

const CLOCK_INTERVAL_MS = 30_000;

/** Starts indexes, clock and revocation feed once, however many requests arrive first, and stops them. */
export function createStartUp(options: {
  models: readonly { createIndexes(): Promise<unknown> }[];
  revocations: { start(): Promise<void>; stop(): Promise<void> };
  databaseClock: DatabaseClock;
  /** Whether deadlines are judged by the database's clock. */
  followsDatabase: boolean;
  onError: (error: unknown) => void;
}) {
  const { models, revocations, databaseClock, followsDatabase, onError } = options;
  let started: Promise<void> | undefined;
  let running = false;
  let timer: NodeJS.Timeout | undefined;

  async function start(): Promise<void> {
    if (followsDatabase) await databaseClock.synchronise();
    await Promise.all(models.map((model) => model.createIndexes()));
    await revocations.start();
    running = true;
    if (!followsDatabase) return;
    timer = setInterval(() => void databaseClock.synchronise().catch(onError), CLOCK_INTERVAL_MS);
    timer.unref();
  }

  return {
    /**
     * Resolves once everything runs. The first call starts it, and so does the first call after a failure.
     * Returns undefined once started, so that requests do not pay for an await.
     */
    ready(): Promise<void> | undefined {
      if (running) return undefined;
      started ??= start().catch((error: unknown) => {
        started = undefined;
        throw error;
      });
      return started;
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      await revocations.stop();
      started = undefined;
      running = false;
    },
  };
}
