import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { withTimeout } from '@latchkey/server';
import type { Connection } from 'mongoose';
import { isDuplicateKey } from './isDuplicateKey.js';
import { type NoteEvent, noteEvent } from './note.js';
import { noteChangeModel } from './noteChangeModel.js';

const PAGE_SIZE = 100;
const MAX_ATTEMPTS = 50;

export interface PositionedEvent {
  position: number;
  event: NoteEvent;
}

export interface NoteFeedOptions {
  connection: Connection;
  /** How often a listener polls for events of other processes. */
  pollMs: number;
  now?: () => number;
}

export type NoteFeed = ReturnType<typeof createNoteFeed>;

/**
 * Creates a feed that keeps one sequence of events for each owner in the database. Listeners receive events of
 * this process at once, and events of other processes by polling, since change streams need a replica set.
 * Without listeners nothing is polled.
 */
export function createNoteFeed({ connection, pollMs, now = Date.now }: NoteFeedOptions) {
  const changes = noteChangeModel(connection);
  const here = new EventEmitter().setMaxListeners(0);

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
        // Another change took this place; try the next one.
        if (!isDuplicateKey(error)) throw error;
      }
    }
    throw new Error(`could not store a change to a note in ${MAX_ATTEMPTS} attempts`);
  }

  /** Yields an owner's events after a position, or from now on, until the signal aborts. */
  async function* listen(
    userId: string,
    { after, signal }: { after?: number | undefined; signal: AbortSignal },
  ) {
    let position = after ?? (await lastPosition(userId));
    while (!signal.aborted) {
      const wake = wakeUp(userId, signal);
      const page = await eventsAfter(userId, position);
      for (const entry of page) {
        if (signal.aborted) break;
        yield entry;
        position = entry.position;
      }
      if (page.length < PAGE_SIZE) await wake.promise;
      wake.cancel();
    }
  }

  // Must be called before the database is read: an event in between would wait for the next poll.
  function wakeUp(userId: string, outer: AbortSignal) {
    const cancelled = new AbortController();
    const signal = AbortSignal.any([outer, cancelled.signal]);
    const woken = Promise.race([once(here, userId, { signal }), sleep(pollMs, undefined, { signal })]);
    const promise = woken.catch(() => {}).finally(() => cancelled.abort());
    return { promise, cancel: () => cancelled.abort() };
  }

  async function eventsAfter(userId: string, position: number): Promise<PositionedEvent[]> {
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
