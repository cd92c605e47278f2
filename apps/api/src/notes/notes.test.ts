import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { createNoteFeed, type NoteFeed, type PositionedEvent } from './noteFeed.js';
import { createNotes, type Notes } from './notes.js';

let database: TestDatabase;
let now: number;
let userId: string;
let users = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  await createProcess().notes.start();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => {
  now = Date.parse('2030-01-01T00:00:00Z');
  userId = `user-${users++}`;
});

/** Notes and feed of one of several processes on the database. */
function createProcess({ pollMs = 60_000 } = {}): { notes: Notes; feed: NoteFeed } {
  const { connection } = database;
  const feed = createNoteFeed({ connection, pollMs, now: () => now });
  return { feed, notes: createNotes({ connection, feed, now: () => now }) };
}

async function take(events: AsyncIterable<PositionedEvent>, count: number) {
  const taken: PositionedEvent[] = [];
  for await (const event of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

function texts(events: PositionedEvent[]) {
  return events.map(({ event }) => `${event.type} ${event.note.text}`);
}

describe('notes', () => {
  test('lists the newest first, and nobody else’s', async () => {
    const { notes } = createProcess();
    await notes.create('somebody-else', { text: 'theirs' });
    await notes.create(userId, { text: 'first' });
    now += 1_000;
    await notes.create(userId, { text: 'second' });
    expect((await notes.list(userId)).map(({ text }) => text)).toEqual(['second', 'first']);
  });

  test('keeps the text as given', async () => {
    const { notes } = createProcess();
    const text = '  <b>été</b> 🔑\u0000 $where {"$ne":null}\n';
    const created = await notes.create(userId, { text });
    expect(created).toMatchObject({ text, createdAt: '2030-01-01T00:00:00.000Z' });
    expect((await notes.list(userId))[0]).toEqual(created);
  });

  test('updates and deletes only the owner’s notes', async () => {
    const { notes } = createProcess();
    const created = await notes.create(userId, { text: 'mine' });
    const id = created?.id ?? '';
    expect(await notes.update('somebody-else', { id, text: 'theirs' })).toBeUndefined();
    expect(await notes.remove('somebody-else', { id })).toBeUndefined();
    now += 5_000;
    expect(await notes.update(userId, { id, text: 'changed' })).toEqual({
      ...created,
      text: 'changed',
      updatedAt: '2030-01-01T00:00:05.000Z',
    });
    expect(await notes.remove(userId, { id })).toMatchObject({ text: 'changed' });
    expect(await notes.remove(userId, { id })).toBeUndefined();
    expect(await notes.list(userId)).toEqual([]);
  });

  test('creates one note if a request with an id is repeated', async () => {
    const { notes } = createProcess();
    const input = { id: 'client-made-id', text: 'once' };
    const [first, again] = [await notes.create(userId, input), await notes.create(userId, input)];
    expect(again).toEqual(first);
    expect(await notes.create(userId, { ...input, text: 'other' })).toBeUndefined();
    expect(await notes.list(userId)).toHaveLength(1);
  });

  test('lets two owners use one id', async () => {
    const { notes } = createProcess();
    await notes.create(userId, { id: 'client-made-id', text: 'mine' });
    const theirs = await notes.create(`${userId}-other`, { id: 'client-made-id', text: 'theirs' });
    expect(theirs).toMatchObject({ id: 'client-made-id', text: 'theirs' });
  });
});

describe('the feed', () => {
  test('gives a listener events of this process at once', async () => {
    const { notes, feed } = createProcess();
    const listening = take(feed.listen(userId, { after: 0, signal: AbortSignal.timeout(60_000) }), 3);
    const created = await notes.create(userId, { text: 'a' });
    await notes.update(userId, { id: created?.id ?? '', text: 'b' });
    await notes.remove(userId, { id: created?.id ?? '' });
    expect(texts(await listening)).toEqual(['created a', 'updated b', 'deleted b']);
  });

  test('gives a listener events of other processes at the next poll', async () => {
    const [here, there] = [createProcess({ pollMs: 20 }), createProcess()];
    const listening = take(here.feed.listen(userId, { after: 0, signal: AbortSignal.timeout(60_000) }), 1);
    await there.notes.create(userId, { text: 'from afar' });
    expect(texts(await listening)).toEqual(['created from afar']);
  });

  test('begins with the events after the call', async () => {
    const { notes, feed } = createProcess({ pollMs: 20 });
    await notes.create(userId, { text: 'before' });
    const events = feed.listen(userId, { signal: AbortSignal.timeout(60_000) });
    const listening = take(events, 1);
    // The first event may come before the listener has found the end of the line; the last one cannot.
    const writing = setInterval(() => void notes.create(userId, { text: 'after' }), 20);
    const [event] = await listening;
    clearInterval(writing);
    expect(event?.event.note.text).toBe('after');
  });

  test('resumes after any event, with nothing lost or twice', async () => {
    const { notes, feed } = createProcess();
    for (const text of ['a', 'b', 'c', 'd']) await notes.create(userId, { text });
    const signal = AbortSignal.timeout(60_000);
    const all = await take(feed.listen(userId, { after: 0, signal }), 4);
    for (let i = 0; i < 3; i++) {
      const rest = await take(feed.listen(userId, { after: all[i]?.position, signal }), 3 - i);
      expect(rest).toEqual(all.slice(i + 1));
    }
  });

  test('keeps one order for writers in several processes whose clocks differ', async () => {
    const processes = [createProcess(), createProcess(), createProcess()];
    const skewed = processes.map(({ notes }, i) =>
      Promise.all(
        Array.from({ length: 5 }, (_, j) => {
          now += i === 0 ? -30_000 : 10;
          return notes.create(userId, { text: `${i}-${j}` });
        }),
      ),
    );
    const reader = createProcess({ pollMs: 5 }).feed;
    const read = await take(reader.listen(userId, { after: 0, signal: AbortSignal.timeout(60_000) }), 15);
    await Promise.all(skewed);
    expect(new Set(texts(read)).size).toBe(15);
    expect(read.map(({ position }) => position)).toEqual(
      read.map(({ position }) => position).sort((a, b) => a - b),
    );
  });

  test('ends when its signal aborts', async () => {
    const { feed } = createProcess();
    const stop = new AbortController();
    const listening = take(feed.listen(userId, { signal: stop.signal }), 1);
    stop.abort();
    expect(await listening).toEqual([]);
  });
});
