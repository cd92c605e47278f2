import type { Role } from './member.js';

/** What the worker thread is started with. */
export interface WorkerOptions {
  dataDir: string;
  port: number | undefined;
  sync: boolean;
  ttlIntervalMs: number;
  /** Whether the time is asked for from the main thread, where the clock is a function. */
  customClock: boolean;
}

export type FromWorker = { type: 'role'; role: Role } | { type: 'started'; uri: string } | { type: 'clock' };

export type ToWorker = { type: 'clock'; now: number } | { type: 'stop' };
