import type { Collection, Document } from 'mongodb';
import { expect, test } from 'vitest';
import { startTestMongo } from './startTestMongo.js';

/** The index that a query reads (undefined for a scan), and how much it reads. */
async function explain(collection: Collection<Document>, query: Document, sort: Document = {}) {
  const { queryPlanner, executionStats } = await collection
    .find(query)
    .sort(sort as never)
    .explain();
  const { winningPlan } = queryPlanner;
  const reading = winningPlan.stage === 'SORT' ? winningPlan.inputStage : winningPlan;
  return {
    index: reading.inputStage?.indexName,
    sorts: winningPlan.stage === 'SORT',
    keys: executionStats.totalKeysExamined,
    documents: executionStats.totalDocsExamined,
  };
}

test('refuses a duplicate with code 11000, keyPattern and keyValue, in writes and in findAndModify', async () => {
  await using server = await startTestMongo();
  const users = server.db.collection<Document>('users');
  await users.createIndex({ tenant: 1, email: 1 }, { unique: true });
  await users.insertMany([
    { tenant: 1, email: 'a' },
    { tenant: 1, email: 'b' },
  ]);
  const duplicate = { code: 11000, keyPattern: { tenant: 1, email: 1 }, keyValue: { tenant: 1, email: 'a' } };
  await expect(users.insertOne({ tenant: 1, email: 'a' })).rejects.toMatchObject(duplicate);
  await expect(users.updateOne({ email: 'b' }, { $set: { email: 'a' } })).rejects.toMatchObject(duplicate);
  await expect(users.findOneAndUpdate({ email: 'b' }, { $set: { email: 'a' } })).rejects.toMatchObject({
    ...duplicate,
    codeName: 'DuplicateKey',
  });
  await expect(users.createIndex({ tenant: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 });
  expect((await users.indexes()).map(({ name }) => name)).toEqual(['_id_', 'tenant_1_email_1']);
  expect(await server.db.command({ validate: 'users' })).toMatchObject({ valid: true, nrecords: 2 });
});

test('treats equal numbers of different types as equal, and a missing field as null', async () => {
  await using server = await startTestMongo();
  const rows = server.db.collection<Document>('rows');
  await rows.createIndex({ n: 1 }, { unique: true });
  await rows.insertMany([{ n: 5 }, {}]);
  await expect(server.db.command({ insert: 'rows', documents: [{ n: 5.0 }] })).resolves.toMatchObject({
    writeErrors: [{ code: 11000 }],
  });
  await expect(rows.insertOne({ n: null })).rejects.toMatchObject({ keyValue: { n: null } });
});

test('uses no sparse or partial index for a query on documents that it leaves out', async () => {
  await using server = await startTestMongo();
  const rows = server.db.collection<Document>('rows');
  await rows.createIndex({ s: 1 }, { unique: true, sparse: true });
  await rows.createIndex({ p: 1 }, { unique: true, partialFilterExpression: { live: true } });
  await rows.insertMany([{ n: 1 }, { n: 2 }, { s: 1 }, { p: 1 }, { p: 1 }, { p: 1, live: true }]);
  await expect(rows.insertOne({ p: 1, live: true })).rejects.toMatchObject({ code: 11000 });
  expect(await explain(rows, { s: 1 })).toMatchObject({ index: 's_1' });
  expect(await explain(rows, { s: null })).toMatchObject({ index: undefined });
  expect(await explain(rows, {}, { s: 1 })).toMatchObject({ index: undefined });
  expect(await explain(rows, { p: 1 })).toMatchObject({ index: undefined });
  expect(await explain(rows, { p: 1, live: true })).toMatchObject({ index: 'p_1' });
  expect(await rows.countDocuments({ p: 1 })).toBe(3);
  await rows.updateMany({ live: true }, { $set: { live: false } });
  expect(await explain(rows, { p: 1, live: true })).toMatchObject({ keys: 0 });
});

test('reads by equality, $in and range on leading fields, and in the order of an index', async () => {
  await using server = await startTestMongo();
  const rows = server.db.collection<Document>('rows');
  await rows.createIndex({ user: 1, at: -1 });
  await rows.insertMany(Array.from({ length: 500 }, (_, n) => ({ user: n % 10, at: new Date(n) })));
  expect(await explain(rows, { user: 3 }, { at: -1 })).toEqual({
    index: 'user_1_at_-1',
    sorts: false,
    keys: 50,
    documents: 50,
  });
  expect(await explain(rows, { user: 3 }, { at: 1 })).toMatchObject({ sorts: false, keys: 50 });
  expect(await explain(rows, { user: { $in: [1, 2] }, at: { $lt: new Date(20) } })).toMatchObject({
    keys: 4,
    documents: 4,
  });
  expect(await explain(rows, { user: { $gte: 8 } }, { at: 1 })).toMatchObject({ sorts: true, keys: 100 });
  expect(await explain(rows, { at: new Date(7) })).toMatchObject({ index: undefined, documents: 500 });
  const newest = await rows.find({ user: 3 }).sort({ at: -1 }).limit(2).toArray();
  expect(newest.map(({ at }) => at.getTime())).toEqual([493, 483]);
});

test('deletes documents by a TTL index when the clock has passed their time', async () => {
  let now = Date.parse('2030-01-01T00:00:00Z');
  await using server = await startTestMongo({ clock: () => now, ttlIntervalMs: 20 });
  const sessions = server.db.collection<Document>('sessions');
  await sessions.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 10 });
  await sessions.insertMany([
    ...Array.from({ length: 1200 }, () => ({ expiresAt: new Date(now) })),
    { name: 'later', expiresAt: new Date(now + 60_000) },
    { name: 'no date', expiresAt: 'never' },
    { name: 'missing' },
  ]);
  now += 9_999;
  expect(await sessions.countDocuments()).toBe(1203);
  now += 1;
  await expect.poll(() => sessions.countDocuments()).toBe(3);
  expect((await sessions.find().toArray()).map(({ name }) => name)).toEqual(['later', 'no date', 'missing']);
  expect(await server.db.command({ validate: 'sessions' })).toMatchObject({ valid: true });
});

test.each([1_000, 20_000])('reads one document to look it up by an index among %i', async (size) => {
  await using server = await startTestMongo();
  const rows = server.db.collection<Document>('rows');
  await rows.createIndexes([{ key: { email: 1 }, unique: true }, { key: { at: 1 } }]);
  await rows.insertMany(Array.from({ length: size }, (_, n) => ({ email: `user${n}@example.com`, at: n })));
  const middle = size / 2;
  expect(await explain(rows, { email: `user${middle}@example.com` })).toMatchObject({
    index: 'email_1',
    keys: 1,
    documents: 1,
  });
  expect(await explain(rows, { at: { $gte: middle, $lt: middle + 10 } })).toMatchObject({
    index: 'at_1',
    keys: 10,
    documents: 10,
  });
});
