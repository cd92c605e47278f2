import { mkdir, readdir, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { startEmbeddedMongo } from '../src/index.js';
import { startMember } from './startMember.js';
import { temporaryFolder } from './startTestMongo.js';

test('makes one of three processes that start at once the owner, and another one when it is killed', async () => {
  await using folder = await temporaryFolder();
  await using first = startMember(folder.path);
  await using second = startMember(folder.path);
  await using third = startMember(folder.path);
  const members = [first, second, third];
  const uris = await Promise.all(members.map((member) => member.hasRole('any')));
  expect(new Set(uris).size).toBe(1);
  expect(members.map((member) => member.role()).toSorted()).toEqual(['joined', 'joined', 'owner']);

  await using client = await new MongoClient(uris[0] ?? '').connect();
  const rows = client.db('test').collection<{ _id: number }>('rows');
  let living = members;
  for (let round = 1; round <= 2; round++) {
    await rows.insertOne({ _id: round });
    const owner = living.find((member) => member.role() === 'owner');
    living = living.filter((member) => member !== owner);
    await owner?.kill();
    await Promise.any(living.map((member) => member.hasRole('owner')));
    expect(living.filter((member) => member.role() === 'owner')).toHaveLength(1);
    // The same client continues, by the same URI.
    await expect.poll(() => rows.countDocuments().catch(() => 0)).toBe(round);
  }
  expect(await living[0]?.kill('SIGTERM')).toBe(0);
});

test('takes over the socket, the record and the data of a killed process', async () => {
  await using folder = await temporaryFolder();
  await using before = startMember(folder.path);
  const uri = await before.hasRole('owner');
  await before.kill();
  await using after = await startEmbeddedMongo({ dataDir: folder.path });
  expect(after).toMatchObject({ role: 'owner', uri });
  const sockets = (await readdir(folder.path)).filter((name) => name.endsWith('.sock'));
  expect(sockets).toHaveLength(2);
});

test('lets a second start in the same process join, and take over when the first one stops', async () => {
  await using folder = await temporaryFolder();
  const first = await startEmbeddedMongo({ dataDir: folder.path });
  await using second = await startEmbeddedMongo({ dataDir: folder.path });
  expect([first.role, second.role]).toEqual(['owner', 'joined']);
  expect(second.uri).toBe(first.uri);
  await using client = await new MongoClient(first.uri).connect();
  await client.db('test').collection('rows').insertOne({ a: 1 });
  await first.stop();
  await expect.poll(() => second.role).toBe('owner');
  await expect
    .poll(() =>
      client
        .db('test')
        .collection('rows')
        .countDocuments()
        .catch(() => 0),
    )
    .toBe(1);
});

test('listens on a loopback port if configured, and gives joined processes the same URI', async () => {
  await using folder = await temporaryFolder();
  await using first = await startEmbeddedMongo({ dataDir: folder.path, port: 0 });
  expect(first.uri).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/$/);
  await using second = await startEmbeddedMongo({ dataDir: folder.path });
  expect(second).toMatchObject({ uri: first.uri, role: 'joined' });
  await using client = await new MongoClient(second.uri).connect();
  expect(await client.db('test').command({ ping: 1 })).toEqual({ ok: 1 });
});

test('makes the folder private to its user, and serves one whose path is too long for a socket', async () => {
  await using folder = await temporaryFolder();
  const long = join(folder.path, 'x'.repeat(120));
  await mkdir(long, { mode: 0o700 });
  const dataDir = join(long, 'data');
  await using mongo = await startEmbeddedMongo({ dataDir });
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  await using client = await new MongoClient(mongo.uri).connect();
  expect(await client.db('test').command({ ping: 1 })).toEqual({ ok: 1 });
});

test('closes a connection that sends malformed bytes, and serves the others', async () => {
  await using folder = await temporaryFolder();
  await using mongo = await startEmbeddedMongo({ dataDir: folder.path });
  await using client = await new MongoClient(mongo.uri).connect();
  for (const bytes of [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from('10000000010000000000000000000000', 'hex'),
    Buffer.alloc(64, 0xff),
  ]) {
    const socket = connect(join(folder.path, 'mongo.sock'));
    socket.write(bytes);
    await new Promise((resolve) => socket.once('close', resolve).resume());
  }
  expect(await client.db('test').command({ ping: 1 })).toEqual({ ok: 1 });
});
