import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { temporaryFolder } from './startTestMongo.js';

const COMPILED = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const SOURCE = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

test.each([
  ['compiled', [COMPILED]],
  ['from source', ['--import', 'tsx', SOURCE]],
])('prints its URI and serves until SIGTERM, %s', async (_, args) => {
  await using folder = await temporaryFolder();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, DATA_DIR: folder.path },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(child.stdout, 'data');
  expect(output).toBe(`mongodb://${encodeURIComponent(join(folder.path, 'mongo', 'mongo.sock'))}/\n`);
  const client = await new MongoClient(output.trim()).connect();
  await client.db('test').collection('rows').insertOne({ a: 1 });
  await client.close();
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(output.split('\n')).toHaveLength(2);
});
