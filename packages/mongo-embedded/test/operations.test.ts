import { type Document, Double, Long, ObjectId } from 'mongodb';
import { expect, test } from 'vitest';
import { startTestMongo } from './startTestMongo.js';

test('inserts, finds, sorts, pages and projects', async () => {
  await using server = await startTestMongo();
  const notes = server.db.collection<Document>('notes');
  await notes.insertMany(
    [1, 2, 3, 4, 5].map((n) => ({ n, text: `note ${n}`, tags: { odd: n % 2 === 1, deep: { n } } })),
  );
  expect(
    await notes
      .find({ n: { $gt: 1 } })
      .sort({ n: -1 })
      .skip(1)
      .limit(2)
      .project({ _id: 0, n: 1 })
      .toArray(),
  ).toEqual([{ n: 4 }, { n: 3 }]);
  expect(await notes.findOne({ n: 1 }, { projection: { 'tags.deep': 0, _id: 0 } })).toEqual({
    n: 1,
    text: 'note 1',
    tags: { odd: true },
  });
  expect(await notes.countDocuments({ 'tags.odd': true })).toBe(3);
  expect(await notes.estimatedDocumentCount()).toBe(5);
  expect(await notes.distinct('tags.odd')).toEqual([true, false]);
});

test('continues a cursor over many batches, and closes a killed one', async () => {
  await using server = await startTestMongo();
  const rows = server.db.collection<{ _id: number }>('rows');
  await rows.insertMany(Array.from({ length: 1000 }, (_, _id) => ({ _id })));
  const found = await rows.find({}, { batchSize: 7 }).toArray();
  expect(found.map(({ _id }) => _id)).toEqual(Array.from({ length: 1000 }, (_, id) => id));
  const cursor = rows.find({}, { batchSize: 2 });
  await cursor.next();
  const { id } = cursor;
  await cursor.close();
  await expect(server.db.command({ getMore: id ?? Long.ZERO, collection: 'rows' })).rejects.toMatchObject({
    code: 43,
  });
});

test('keeps the types of numbers that an update does not touch', async () => {
  await using server = await startTestMongo();
  const rows = server.db.collection<Document>('rows');
  const _id = new ObjectId();
  await rows.insertOne({ double: new Double(5), long: Long.fromNumber(5), int: 5, _id });
  await rows.updateOne({ _id }, { $inc: { int: 1, long: 1 } });
  const stored = await rows.findOne({ _id }, { promoteValues: false, promoteLongs: false });
  expect(stored).toMatchObject({
    double: new Double(5),
    long: Long.fromNumber(6),
    int: { value: 6, _bsontype: 'Int32' },
  });
  expect(Object.keys(stored ?? {})[0]).toBe('_id');
});

test('applies every update operator', async () => {
  await using server = await startTestMongo({ clock: () => 1_700_000_000_000 });
  const rows = server.db.collection<{
    _id: number;
    n: number;
    list: number[];
    set: string[];
    low: number;
    high: number;
    gone?: number;
    at?: Date;
    a?: { b: number };
  }>('rows');
  await rows.insertOne({ _id: 1, n: 1, low: 5, high: 5, gone: 1, list: [1, 2], set: ['a'] });
  await rows.updateOne(
    { n: 1 },
    {
      $set: { 'a.b': 1 },
      $unset: { gone: '' },
      $inc: { n: 1 },
      $min: { low: 3 },
      $max: { high: 9 },
      $currentDate: { at: true },
      $push: { list: { $each: [0], $position: 0, $slice: 2 } },
      $addToSet: { set: { $each: ['a', 'b'] } },
    },
  );
  expect(await rows.findOne()).toEqual({
    _id: 1,
    n: 2,
    low: 3,
    high: 9,
    list: [0, 1],
    set: ['a', 'b'],
    a: { b: 1 },
    at: new Date(1_700_000_000_000),
  });
  await rows.updateOne({}, { $pull: { set: 'a', list: { $lt: 1 } } });
  expect(await rows.findOne()).toMatchObject({ set: ['b'], list: [1] });
});

test('builds an upserted document from the filter, $setOnInsert and the update', async () => {
  await using server = await startTestMongo();
  const users = server.db.collection<Document>('users');
  const upsert = () =>
    users.findOneAndUpdate(
      { email: 'a@example.com', $or: [{ until: { $lte: 5 } }, { until: null }] },
      { $set: { until: 9 }, $setOnInsert: { made: true } },
      { upsert: true, returnDocument: 'after', projection: { _id: 0 } },
    );
  expect(await upsert()).toEqual({ email: 'a@example.com', until: 9, made: true });
  expect(await users.updateOne({ _id: 'x' as never }, { $inc: { n: 1 } }, { upsert: true })).toMatchObject({
    upsertedId: 'x',
    matchedCount: 0,
  });
  expect(await users.replaceOne({ _id: 'x' as never }, { q: 1 })).toMatchObject({
    matchedCount: 1,
    modifiedCount: 1,
  });
  expect(await users.findOneAndDelete({ q: 1 })).toEqual({ _id: 'x', q: 1 });
});

test('lets exactly one of 50 racing compare-and-set updates succeed', async () => {
  await using server = await startTestMongo();
  const tokens = server.db.collection<Document>('tokens');
  await tokens.insertOne({ hash: 'h', usedAt: null });
  const race = Array.from({ length: 50 }, (_, racer) =>
    tokens.findOneAndUpdate(
      { hash: 'h', usedAt: null },
      { $set: { usedAt: new Date(), racer } },
      { returnDocument: 'after' },
    ),
  );
  const winners = (await Promise.all(race)).filter((winner) => winner !== null);
  expect(winners).toHaveLength(1);
  expect(await tokens.findOne({ hash: 'h' })).toEqual(winners[0]);
});

test('lets exactly one of 50 racing inserts of a unique value succeed', async () => {
  await using server = await startTestMongo();
  const users = server.db.collection<Document>('users');
  await users.createIndex({ email: 1 }, { unique: true });
  const race = await Promise.allSettled(Array.from({ length: 50 }, () => users.insertOne({ email: 'a' })));
  expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await users.countDocuments()).toBe(1);
});

test('groups, sorts, pages and counts in an aggregation', async () => {
  await using server = await startTestMongo();
  const rows = server.db.collection<Document>('rows');
  await rows.insertMany([1, 2, 3, 4].map((n) => ({ n, kind: n % 2 ? 'odd' : 'even' })));
  const grouped = await rows
    .aggregate([
      { $match: { n: { $gt: 1 } } },
      {
        $group: {
          _id: '$kind',
          n: { $sum: 1 },
          total: { $sum: '$n' },
          mean: { $avg: '$n' },
          most: { $max: '$n' },
          all: { $push: '$n' },
        },
      },
      { $sort: { _id: 1 } },
    ])
    .toArray();
  expect(grouped).toEqual([
    { _id: 'even', n: 2, total: 6, mean: 3, most: 4, all: [2, 4] },
    { _id: 'odd', n: 1, total: 3, mean: 3, most: 3, all: [3] },
  ]);
  expect(
    await rows.aggregate([{ $skip: 1 }, { $limit: 2 }, { $project: { _id: 0, n: 1 } }]).toArray(),
  ).toEqual([{ n: 2 }, { n: 3 }]);
  expect(await rows.aggregate([{ $count: 'rows' }]).toArray()).toEqual([{ rows: 4 }]);
});

test('continues after an error in an unordered bulk write, and stops at one in an ordered bulk write', async () => {
  await using server = await startTestMongo();
  const rows = server.db.collection<{ _id: number }>('rows');
  const ids = (...numbers: number[]) => numbers.map((_id) => ({ _id }));
  await expect(rows.insertMany(ids(1, 1, 2))).rejects.toMatchObject({ code: 11000, insertedCount: 1 });
  await expect(rows.insertMany(ids(2, 2, 3), { ordered: false })).rejects.toMatchObject({
    code: 11000,
    insertedCount: 2,
  });
  expect(
    await rows
      .find()
      .map(({ _id }) => _id)
      .toArray(),
  ).toEqual([1, 2, 3]);
});

test('introduces itself as a standalone server, with the database clock as localTime', async () => {
  await using server = await startTestMongo({ clock: () => 1_234_567 });
  const hello = await server.db.admin().command({ hello: 1 });
  expect(hello).toMatchObject({
    isWritablePrimary: true,
    maxWireVersion: 21,
    logicalSessionTimeoutMinutes: 30,
    localTime: new Date(1_234_567),
  });
  expect(Object.keys(hello)).not.toContain('setName');
});

test('lists and drops collections, indexes and databases', async () => {
  await using server = await startTestMongo();
  const { db } = server;
  await db.createCollection('a');
  await expect(db.createCollection('a')).rejects.toMatchObject({ code: 48 });
  await db.collection('b').createIndex({ x: 1, y: -1 }, { name: 'xy' });
  expect((await db.listCollections().toArray()).map(({ name }) => name)).toEqual(['a', 'b']);
  expect((await db.collection('b').indexes()).map(({ name }) => name)).toEqual(['_id_', 'xy']);
  await db.collection('b').dropIndex('xy');
  await expect(db.collection('b').dropIndex('xy')).rejects.toMatchObject({
    code: 27,
    codeName: 'IndexNotFound',
  });
  await db.dropCollection('a');
  await expect(db.collection('a').indexes()).rejects.toMatchObject({
    code: 26,
    codeName: 'NamespaceNotFound',
  });
  await db.dropDatabase();
  expect(await db.admin().listDatabases()).toMatchObject({ databases: [] });
});

test('accepts a session without a transaction, and an unacknowledged write', async () => {
  await using server = await startTestMongo();
  const rows = server.db.collection('rows');
  await server.client.withSession(async (session) => {
    await rows.insertOne({ a: 1 }, { session });
    expect(await rows.countDocuments({}, { session })).toBe(1);
  });
  await rows.insertOne({ a: 2 }, { writeConcern: { w: 0 } });
  await expect.poll(() => rows.countDocuments()).toBe(2);
});
