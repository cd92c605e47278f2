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

/** Writes and updates rows until the database is gone. Notes the last acknowledged version of each row. */
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

test('keeps every acknowledged write when it is killed while it writes', async () => {
  await using folder = await temporaryFolder();
  const acknowledged = new Map<number, number>();
  for (const [round, limit] of ACKNOWLEDGED_BEFORE_KILL.entries()) {
    await using member = startMember(folder.path);
    const uri = await member.hasRole('owner');
    await using client = await new MongoClient(uri).connect();
    const rows = client.db('test').collection<Row>('rows');
    await rows.createIndexes([{ key: { email: 1 }, unique: true }, { key: { tags: 1, version: -1 } }]);
    await checkAll(rows, acknowledged);
    expect(await unconfirmed(rows, acknowledged)).toBeLessThanOrEqual(WRITERS * round);
    const before = acknowledged.size;
    const counting = new Map(acknowledged);
    const work = Array.from({ length: WRITERS }, (_, writer) => write(rows, counting, { writer, round }));
    const ended = Promise.allSettled(work);
    await expect.poll(() => counting.size, { interval: 1 }).toBeGreaterThanOrEqual(before + limit);
    await member.kill();
    // A closed client does not wait for the database: the next write of every writer fails.
    await client.close();
    const ends = await ended;
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
}, 120_000);

/** Counts the rows that differ from their last acknowledged version: writes that were in flight at a kill. */
async function unconfirmed(rows: Collection<Row>, acknowledged: Map<number, number>): Promise<number> {
  const stored = await rows.find().toArray();
  return stored.filter(({ _id, version }) => acknowledged.get(_id) !== version).length;
}

/** Every acknowledged version is there, or the one in flight after it, and the indexes agree with the documents. */
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
