import type { Role } from './member.js';

export interface WorkerOptions {
  dataDir: string;
  port: number | undefined;
  sync: boolean;
  ttlIntervalMs: number;
  /** Whether the worker must ask the main thread for the time, because `clock` is a function there. */
  customClock: boolean;
}

export type FromWorker = { type: 'role'; role: Role } | { type: 'started'; uri: string } | { type: 'clock' };

export type ToWorker = { type: 'clock'; now: number } | { type: 'stop' };
