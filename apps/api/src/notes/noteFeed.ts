import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { withTimeout } from '@latchkey/server';
import type { Connection } from 'mongoose';
import { isDuplicateKey } from './isDuplicateKey.js';
import { type NoteEvent, noteEvent } from './note.js';
import { noteChangeModel } from './noteChangeModel.js';

const PAGE_SIZE = 100;
const MAX_ATTEMPTS = 50;

/** An event and its place in its owner's line of events. */
export interface PositionedEvent {
  position: number;
  event: NoteEvent;
}

/** Settings of {@link createNoteFeed}. */
export interface NoteFeedOptions {
  connection: Connection;
  /** How often a listener looks for what other processes did, in milliseconds. */
  pollMs: number;
  now?: () => number;
}

/** The line of events of every owner, shared by all processes on one database. */
export type NoteFeed = ReturnType<typeof createNoteFeed>;

/**
 * Keeps, for each owner, one line of events in the database. Listeners hear of this process's events at
 * once and of other processes' by polling, for change streams need a replica set; without listeners nothing
 * is polled.
 */
export function createNoteFeed({ connection, pollMs, now = Date.now }: NoteFeedOptions) {
  const changes = noteChangeModel(connection);
  const here = new EventEmitter().setMaxListeners(0);

  /** Adds an event to the end of its owner's line. */
  async function append(userId: string, event: NoteEvent): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const last = await lastPosition(userId);
      const position = Math.max(last + 1, now());
      try {
        const change = { _id: `${userId}/${last}`, userId, position, event, at: new Date(now()) };
        await withTimeout(changes.create(change));
        here.emit(userId);
        return;
      } catch (error) {
        // Another change took this place; this one goes behind it.
        if (!isDuplicateKey(error)) throw error;
      }
    }
    throw new Error(`no place for a change after ${MAX_ATTEMPTS} attempts`);
  }

  /** An owner's events behind a position, or from now on, until the signal aborts. */
  async function* listen(
    userId: string,
    { after, signal }: { after?: number | undefined; signal: AbortSignal },
  ) {
    let position = after ?? (await lastPosition(userId));
    while (!signal.aborted) {
      const wake = wakeUp(userId, signal);
      const page = await behind(userId, position);
      for (const entry of page) {
        if (signal.aborted) break;
        yield entry;
        position = entry.position;
      }
      if (page.length < PAGE_SIZE) await wake.promise;
      wake.cancel();
    }
  }

  // Listening begins before the database is read, or an event in between would wait for the next poll.
  function wakeUp(userId: string, outer: AbortSignal) {
    const cancelled = new AbortController();
    const signal = AbortSignal.any([outer, cancelled.signal]);
    const woken = Promise.race([once(here, userId, { signal }), sleep(pollMs, undefined, { signal })]);
    const promise = woken.catch(() => {}).finally(() => cancelled.abort());
    return { promise, cancel: () => cancelled.abort() };
  }

  async function behind(userId: string, position: number): Promise<PositionedEvent[]> {
    const later = changes
      .find({ userId, position: { $gt: position } }, { position: 1, event: 1 })
      .sort({ position: 1 })
      .limit(PAGE_SIZE);
    const found = await withTimeout(later.lean().exec());
    return found.map((change) => ({ position: change.position, event: noteEvent.parse(change.event) }));
  }

  async function lastPosition(userId: string): Promise<number> {
    const newest = changes.findOne({ userId }, { position: 1 }).sort({ position: -1 });
    const last = await withTimeout(newest.lean().exec());
    return last?.position ?? 0;
  }

  return { append, listen, start: () => changes.createIndexes() };
}
