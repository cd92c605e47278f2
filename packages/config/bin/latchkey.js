#!/usr/bin/env node
import { join } from 'node:path';
import { dev } from '../lib/dev.js';
import { runApp } from '../lib/runApp.js';
import { test } from '../lib/test.js';

const commands = {
  start: () => runApp({ packages: ['@latchkey/api', '@latchkey/web'], entry: 'apps/api/dist/index.js' }),
  api: () => runApp({ packages: ['@latchkey/api'], entry: 'apps/api/dist/index.js' }),
  admin: () => runApp({ packages: ['@latchkey/api'], entry: 'apps/api/dist/admin.js' }),
  db: () => runApp({ packages: ['@latchkey/mongo-embedded'], entry: 'packages/mongo-embedded/dist/cli.js' }),
  bench: () => runApp({ packages: ['@latchkey/bench'], entry: 'apps/bench/dist/index.js' }),
  chaos: () => runApp({ packages: ['@latchkey/chaos'], entry: 'apps/chaos/dist/index.js' }),
  example: ([name]) =>
    runApp({ packages: [`@latchkey/example-${name}`], entry: `apps/example-${name}/dist/server/index.js` }),
  dev,
  test,
};

const [name = '', ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, name)) {
  console.error(`usage: ${join('bin', 'latchkey.js')} ${Object.keys(commands).join(' | ')}`);
  process.exit(2);
}
try {
  await commands[name](args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
