import { type Document, MongoServerError } from 'mongodb';
import { expect, test } from 'vitest';
import { startTestMongo } from './startTestMongo.js';

const REFUSED_COMMANDS: [command: Document, code: number, names: RegExp][] = [
  [{ createIndexes: 'c', indexes: [{ key: { '$**': 1 }, name: 'w' }] }, 67, /\$\*\*/],
  [{ find: 'c', filter: { a: { $type: 'bin' } } }, 2, /\$type: bin/],
  [{ findAndModify: 'c', update: { $set: { a: 1 } }, arrayFilters: [{ x: 1 }] }, 2, /arrayFilters/],
  [{ mapReduce: 'c' }, 59, /mapReduce/],
  [{ find: 'c', tailable: true }, 40415, /tailable/],
  [{ find: 'c', filter: { $where: '1' } }, 2, /\$where/],
  [{ find: 'c', filter: { a: { $near: [0, 0] } } }, 2, /\$near/],
  [{ find: 'c', filter: { a: { $eq: 1, b: 2 } } }, 2, /unknown operator: b/],
  [{ find: 'c', filter: { a: { $in: 1 } } }, 2, /\$in needs an array/],
  [{ find: 'c', filter: { a: { $regex: '(?<' } } }, 2, /\$regex/],
  [{ find: 'c', collation: { locale: 'fr' } }, 2, /collation 'fr'/],
  [{ find: 'c', let: { a: 1 } }, 2, /let/],
  [{ find: 'c', hint: 'nowhere' }, 2, /nowhere/],
  [{ find: 'c', sort: { $natural: 1 } }, 2, /\$natural/],
  [{ find: 'c', projection: { a: { $slice: 1 } } }, 2, /\$slice/],
  [{ find: 'c', projection: { a: 1, b: 0 } }, 2, /exclusion on field b/],
  [{ find: 'c', filter: 5 }, 14, /filter/],
  [{ find: 'c', readConcern: { level: 'snapshot' } }, 2, /snapshot/],
  [{ aggregate: 'c', pipeline: [{ $lookup: {} }], cursor: {} }, 40324, /\$lookup/],
  [{ aggregate: 'c', pipeline: [{ $group: { _id: { $year: '$a' } } }], cursor: {} }, 2, /\$year/],
  [{ insert: 'c', documents: [{ a: 1 }], writeConcern: { w: 3 } }, 2, /'w' > 1/],
  [{ insert: 'c', documents: [{ a: 1 }], txnNumber: 1, startTransaction: true }, 20, /Transaction/],
  [{ createIndexes: 'c', indexes: [{ key: { a: 'text' }, name: 't' }] }, 67, /'a: text'/],
  [
    { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a', collation: { locale: 'fr' } }] },
    40415,
    /collation/,
  ],
  [
    {
      createIndexes: 'c',
      indexes: [{ key: { a: 1 }, name: 'a', partialFilterExpression: { a: { $ne: 1 } } }],
    },
    67,
    /partialFilterExpression/,
  ],
  [
    { createIndexes: 'c', indexes: [{ key: { a: 1, b: 1 }, name: 'a', expireAfterSeconds: 1 }] },
    67,
    /expireAfterSeconds/,
  ],
  [{ create: 'c2', capped: true, size: 1 }, 40415, /capped/],
  [{ drop: 'nowhere' }, 26, /nowhere/],
];

const REFUSED_UPDATES: [update: Document | Document[], code: number, names: RegExp][] = [
  [{ $mul: { a: 2 } }, 9, /\$mul/],
  [{ $rename: { a: 'b' } }, 9, /\$rename/],
  [[{ $set: { a: 1 } }], 2, /pipeline/],
  [{ $set: { 'list.$': 1 } }, 2, /positional/],
  [{ $set: { _id: 2 } }, 66, /_id/],
  [{ $set: { a: 1 }, $inc: { a: 1 } }, 40, /conflict at 'a'/],
  [{ $set: { 'text.x': 1 } }, 28, /'x'/],
  [{ $inc: { text: 1 } }, 14, /non-numeric/],
  [{ $push: { text: 1 } }, 2, /must be an array/],
  [{ $push: { list: { $each: [1], $sort: 1 } } }, 2, /\$sort/],
];

test('refuses every unsupported feature with a MongoDB error that names it', async () => {
  await using server = await startTestMongo();
  await server.db.collection('c').insertOne({ a: 1 });
  for (const [command, code, names] of REFUSED_COMMANDS) {
    const error = await server.db.command(command).catch((caught: unknown) => caught);
    expect(error, JSON.stringify(command)).toBeInstanceOf(MongoServerError);
    expect(error, JSON.stringify(command)).toMatchObject({
      code,
      message: expect.stringMatching(names),
      codeName: expect.any(String),
    });
  }
});

test('refuses unsupported updates, and leaves the document unchanged', async () => {
  await using server = await startTestMongo();
  const rows = server.db.collection<Document>('rows');
  const row = { _id: 1, a: 1, text: 'x', list: [1] };
  await rows.insertOne(row as Document);
  for (const [update, code, names] of REFUSED_UPDATES) {
    await expect(rows.updateOne({ _id: 1 as never }, update), JSON.stringify(update)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(names),
    });
    expect(await rows.findOne()).toEqual(row);
  }
});

test('refuses documents above 16 MB and index keys above 1,978 bytes', async () => {
  await using server = await startTestMongo();
  const rows = server.db.collection<Document>('rows');
  await rows.createIndex({ text: 1 });
  await expect(
    server.db.command({ insert: 'rows', documents: [{ big: 'x'.repeat(16 * 1024 * 1024) }] }),
  ).resolves.toMatchObject({
    writeErrors: [{ code: 10334 }],
  });
  await expect(rows.insertOne({ text: 'x'.repeat(3000) })).rejects.toMatchObject({ code: 17280 });
  expect(await rows.countDocuments()).toBe(0);
});

test('refuses a transaction with code 20', async () => {
  await using server = await startTestMongo();
  await server.client.withSession(async (session) => {
    session.startTransaction();
    await expect(server.db.collection('rows').findOne({}, { session })).rejects.toMatchObject({ code: 20 });
    await session.abortTransaction();
  });
});
