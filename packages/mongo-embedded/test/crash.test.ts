import { type Collection, MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { startMember } from './startMember.js';
import { temporaryFolder } from './startTestMongo.js';

interface Row {
  _id: number;
  email: string;
  tags: string[];
  version: number;
}

const WRITERS = 8;
const ACKNOWLEDGED_BEFORE_KILL = [37, 220, 101, 5];

/** Writes and updates rows until the database is gone; `acknowledged` holds each row's last confirmed version. */
async function write(
  rows: Collection<Row>,
  acknowledged: Map<number, number>,
  { writer, round }: { writer: number; round: number },
) {
  for (let number = 0; ; number++) {
    const _id = round * 1_000_000 + writer * 100_000 + number;
    await rows.insertOne({
      _id,
      email: `${_id}@example.com`,
      tags: [`w${writer}`, `n${number % 5}`],
      version: 0,
    });
    acknowledged.set(_id, 0);
    await rows.updateOne(
      { email: `${_id}@example.com` },
      { $inc: { version: 1 }, $push: { tags: 'changed' } },
    );
    acknowledged.set(_id, 1);
  }
}

test('loses nothing it acknowledged when it is killed while it writes', async () => {
  await using folder = await temporaryFolder();
  const acknowledged = new Map<number, number>();
  for (const [round, limit] of ACKNOWLEDGED_BEFORE_KILL.entries()) {
    await using member = startMember(folder.path);
    const uri = await member.hasRole('owner');
    await using client = await new MongoClient(uri, { serverSelectionTimeoutMS: 500 }).connect();
    const rows = client.db('test').collection<Row>('rows');
    await rows.createIndexes([{ key: { email: 1 }, unique: true }, { key: { tags: 1, version: -1 } }]);
    await checkAll(rows, acknowledged);
    expect(await unconfirmed(rows, acknowledged)).toBeLessThanOrEqual(WRITERS * round);
    const before = acknowledged.size;
    const counting = new Map(acknowledged);
    const work = Array.from({ length: WRITERS }, (_, writer) => write(rows, counting, { writer, round }));
    const killed = expect
      .poll(() => counting.size, { interval: 1, timeout: 10_000 })
      .toBeGreaterThanOrEqual(before + limit)
      .then(() => member.kill());
    // Every writer ends by the error of its first write that was not acknowledged.
    const ends = await Promise.allSettled(work);
    await killed;
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    for (const [id, version] of counting) acknowledged.set(id, version);
  }
  await using member = startMember(folder.path);
  await using client = await new MongoClient(await member.hasRole('owner')).connect();
  const rows = client.db('test').collection<Row>('rows');
  await checkAll(rows, acknowledged);
  expect(await unconfirmed(rows, acknowledged)).toBeLessThanOrEqual(
    WRITERS * ACKNOWLEDGED_BEFORE_KILL.length,
  );
  expect(acknowledged.size).toBeGreaterThanOrEqual(
    ACKNOWLEDGED_BEFORE_KILL.reduce((sum, limit) => sum + limit),
  );
}, 60_000);

/** How many rows are not exactly as they were last acknowledged: no more than each writer had in flight at a kill. */
async function unconfirmed(rows: Collection<Row>, acknowledged: Map<number, number>): Promise<number> {
  const stored = await rows.find().toArray();
  return stored.filter(({ _id, version }) => acknowledged.get(_id) !== version).length;
}

/** Every acknowledged version is there, or the one in flight after it; and all indexes agree with the documents. */
async function checkAll(rows: Collection<Row>, acknowledged: Map<number, number>): Promise<void> {
  const stored = new Map((await rows.find().toArray()).map((row) => [row._id, row]));
  const lost = [...acknowledged].filter(([id, version]) => (stored.get(id)?.version ?? -1) < version);
  expect(lost).toEqual([]);
  for (const row of stored.values()) expect(row.tags).toHaveLength(2 + row.version);
  expect(await rows.db.command({ validate: rows.collectionName })).toMatchObject({
    valid: true,
    errors: [],
    nrecords: stored.size,
  });
}
