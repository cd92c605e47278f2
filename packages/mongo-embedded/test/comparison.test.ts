import {
  Binary,
  type Collection,
  Decimal128,
  type Document,
  Double,
  Long,
  MongoClient,
  ObjectId,
} from 'mongodb';
import { expect, test } from 'vitest';
import { startTestMongo } from './startTestMongo.js';

type Row = Document & { _id: number };

/** Repeatable random numbers in [0, 1) (mulberry32). A failure can be run again by its seed. */
function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function generators(seed: number) {
  const random = randomSource(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(items: readonly [T, ...T[]]): T => items[below(items.length)] ?? items[0];
  const list = <T>(length: number, make: () => T) => Array.from({ length }, make);

  const scalar = (): unknown =>
    pick<() => unknown>([
      () => below(5),
      () => below(5),
      () => new Double(below(5)),
      () => below(10) / 2,
      () => Long.fromNumber(below(4)),
      () => pick(['', 'a', 'ab', 'b', 'a\u0000', 'é', '\u0001']),
      () => pick(['a', 'b']),
      () => null,
      () => random() < 0.5,
      () => new Date(1_700_000_000_000 + below(4)),
      () => new ObjectId(`00000000000000000000000${below(4)}`),
      () => new Binary(Buffer.from([below(3)])),
      () => Decimal128.fromString(pick(['1', '2.5', '3.0'])),
    ])();
  const value = (): unknown =>
    pick<() => unknown>([
      scalar,
      scalar,
      scalar,
      scalar,
      () => list(below(4), scalar),
      () => ({ d: scalar() }),
      () => list(below(3), () => ({ d: scalar(), e: below(3) })),
    ])();
  const row = (id: number): Row => {
    const document: Row = { _id: id };
    for (const name of ['a', 'b', 'c']) if (random() < 0.8) document[name] = value();
    return document;
  };
  const path = () => pick(['a', 'b', 'c', 'a', 'b', 'c.d', 'c.e', 'a.d']);
  const condition = (): Document =>
    pick<() => Document>([
      () => ({ $eq: scalar() }),
      () => ({ $in: list(1 + below(3), scalar) }),
      () => ({ $gt: below(5) }),
      () => ({ $gte: scalar(), $lt: scalar() }),
      () => ({ $gt: below(3), $lte: below(6) }),
      () => ({ $lte: scalar() }),
      () => ({ $ne: scalar() }),
      () => ({ $nin: list(1 + below(2), scalar) }),
      () => ({ $exists: random() < 0.5 }),
      () => ({ $type: pick(['string', 'number', 'date', 'null', 'array', 'object']) }),
      () => ({ $size: below(3) }),
      () => ({ $not: { $gt: below(5) } }),
      () => ({ $elemMatch: { $gte: below(4), $lt: 4 } }),
      () => ({ $elemMatch: { d: below(4), e: { $gt: 0 } } }),
      () => ({ $eq: value() }),
    ])();
  const fields = (): Document => {
    const filter: Document = {};
    for (const _ of list(1 + below(2), () => 0)) filter[path()] = random() < 0.3 ? scalar() : condition();
    return filter;
  };
  const filter = (): Document =>
    pick<() => Document>([
      fields,
      fields,
      fields,
      () => ({ ...fields(), $or: [fields(), fields()] }),
      () => ({ $and: [fields(), fields()] }),
      () => ({ $nor: [fields()] }),
    ])();
  const sort = (): Document => {
    const wanted: Document = {};
    for (const _ of list(below(3), () => 0)) wanted[pick(['a', 'b', 'c.d'])] = random() < 0.5 ? 1 : -1;
    return { ...wanted, _id: random() < 0.5 ? 1 : -1 };
  };
  const index = (): [Document, Document] => {
    const key: Document = {};
    for (const _ of list(1 + below(3), () => 0))
      key[pick(['a', 'b', 'c', 'c.d', 'c.e'])] = random() < 0.6 ? 1 : -1;
    const options = pick<Document>([
      {},
      {},
      {},
      { sparse: true },
      { partialFilterExpression: { b: { $gt: 1 } } },
      { partialFilterExpression: { a: { $exists: true } } },
    ]);
    return [key, options];
  };
  const update = (): Document =>
    pick<() => Document>([
      () => ({ $set: { [pick(['a', 'b', 'c.d'])]: value() } }),
      () => ({ $unset: { [path()]: '' } }),
      () => ({ $inc: { a: below(3), b: 0.5 } }),
      () => ({ $min: { b: scalar() }, $max: { a: scalar() } }),
      () => ({ $push: { a: scalar() } }),
      () => ({
        $push: {
          b: { $each: list(1 + below(3), scalar), $slice: pick([-2, -1, 1, 2]), $position: below(3) },
        },
      }),
      () => ({ $addToSet: { a: { $each: list(2, scalar) } } }),
      () => ({ $pull: { a: { $gte: below(3) } } }),
      () => ({ $pull: { c: { d: below(3) } } }),
      () => ({ $set: { 'a.1': scalar() } }),
    ])();
  return { row, filter, sort, index, update, below, list };
}

const SEEDS = [1, 2, 3, 4];
const ROWS_PER_SEED = 60;
const QUERIES_PER_SEED = 150;
const UPDATES_PER_SEED = 60;

async function fill(collection: Collection<Row>, seed: number): Promise<void> {
  const { row, list } = generators(seed);
  await collection.insertMany(list(ROWS_PER_SEED, () => 0).map((_, id) => row(id)));
}

async function createIndexes(collection: Collection<Row>, seed: number): Promise<void> {
  const { index, list } = generators(seed + 500);
  for (const [key, options] of list(4, index)) {
    // A compound index over two arrays is refused, and so is an index that was drawn before.
    await collection.createIndex(key, options).catch((error: { code?: number }) => {
      if (![171, 85, 86].includes(error.code ?? 0)) throw error;
    });
  }
}

/** The result of a query or an update, or 'refused'. */
async function outcome(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return 'refused';
    throw error;
  }
}

const OPTIONS = { promoteValues: false, promoteLongs: false } as const;

test.each(SEEDS)('finds the same documents by an index as by a full scan (seed %i)', async (seed) => {
  await using server = await startTestMongo();
  const collection = server.db.collection<Row>('rows');
  await fill(collection, seed);
  await createIndexes(collection, seed);
  const { filter, sort, update } = generators(seed + 1000);
  let answered = 0;
  const compare = async () => {
    const [query, order] = [filter(), sort()];
    const find = () => collection.find(query, OPTIONS).sort(order);
    const scanned = await outcome(() => find().hint({ $natural: 1 }).toArray());
    if (scanned !== 'refused') answered++;
    expect(await outcome(() => find().toArray()), JSON.stringify({ query, order })).toEqual(scanned);
  };
  for (let round = 0; round < QUERIES_PER_SEED; round++) await compare();
  for (let round = 0; round < UPDATES_PER_SEED; round++) {
    await outcome(() => collection.updateMany({ _id: { $gte: round % 50 } }, update()));
    await compare();
  }
  expect(answered).toBeGreaterThan((QUERIES_PER_SEED + UPDATES_PER_SEED) / 2);
  expect(await server.db.command({ validate: 'rows' })).toMatchObject({ valid: true, errors: [] });
});

const otherUri = process.env.LATCHKEY_TEST_DOCUMENTDB_URI;
if (otherUri !== undefined) {
  test.each(SEEDS)('finds and updates the same documents as DocumentDB (seed %i)', async (seed) => {
    await using server = await startTestMongo();
    await using other = await new MongoClient(otherUri).connect();
    const ours = server.db.collection<Row>('rows');
    const theirs = other.db(`latchkey_${process.pid}_${seed}`).collection<Row>('rows');
    try {
      // Theirs gets no indexes: the comparison is with the full scans of another engine.
      await Promise.all([fill(ours, seed), fill(theirs, seed)]);
      await createIndexes(ours, seed);
      const { filter, update } = generators(seed + 2000);
      for (let round = 0; round < QUERIES_PER_SEED; round++) {
        const query = filter();
        const find = (collection: Collection<Row>) =>
          outcome(() => collection.find(query, OPTIONS).sort({ _id: 1 }).toArray());
        expect.soft(await find(ours), JSON.stringify(query)).toEqual(await find(theirs));
      }
      for (const name of ['a', 'b', 'c']) {
        // Engines sort arrays differently, but single values in the same order.
        const single = { [name]: { $not: { $type: ['array', 'object'] } } };
        for (const direction of [1, -1] as const) {
          const find = (collection: Collection<Row>) =>
            collection
              .find(single, OPTIONS)
              .sort({ [name]: direction, _id: 1 })
              .toArray();
          expect.soft(await find(ours), `${name} ${direction}`).toEqual(await find(theirs));
        }
      }
      for (let round = 0; round < UPDATES_PER_SEED; round++) {
        const [id, change] = [round % ROWS_PER_SEED, update()];
        const apply = (collection: Collection<Row>) =>
          outcome(() =>
            collection.findOneAndUpdate({ _id: id }, change, { ...OPTIONS, returnDocument: 'after' }),
          );
        const [mine, answer] = [await apply(ours), await apply(theirs)];
        if (mine !== 'refused' && answer !== 'refused')
          expect.soft(mine, JSON.stringify({ id, change })).toEqual(answer);
        // The engines refuse different updates (ours: arithmetic on Decimal128, and arrays that an index cannot hold).
        else await theirs.replaceOne({ _id: id }, (await ours.findOne({ _id: id }, OPTIONS)) ?? {});
      }
    } finally {
      await other.db(theirs.dbName).dropDatabase();
    }
  });
}
