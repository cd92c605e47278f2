#!/usr/bin/env node
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedMongo } from './startEmbeddedMongo.js';

const { values } = parseArgs({ options: { port: { type: 'string' } } });
const port = values.port === undefined ? undefined : Number(values.port);
if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
  process.stderr.write('usage: latchkey-db [--port N]\n');
  process.exit(2);
}

const DATA_DIR = join(process.env.DATA_DIR ?? '.data', 'mongo');
const mongo = await startEmbeddedMongo({ dataDir: DATA_DIR, ...(port !== undefined && { port }) });

async function stop() {
  await mongo.stop();
  process.exit(0);
}

process.once('SIGTERM', stop);
process.once('SIGINT', stop);
process.stdout.write(`${mongo.uri}\n`);
