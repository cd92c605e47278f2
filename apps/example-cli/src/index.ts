#!/usr/bin/env node
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { askPassword } from './askPassword.js';
import { type Connection, connect } from './connect.js';
import { watch } from './watch.js';

const USAGE = `usage: latchkey-example register NAME EMAIL | login NAME | whoami | watch | logout
  --url URL      where tRPC is served (http://localhost:3000/trpc)
  --file FILE    keeps the refresh token (~/.config/latchkey-example/session)
  --every MS     pause between the calls of watch (1000)`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string', default: 'http://localhost:3000/trpc' },
    file: { type: 'string', default: join(homedir(), '.config', 'latchkey-example', 'session') },
    every: { type: 'string', default: '1000' },
  },
});
const [command = '', name = '', email = ''] = positionals;

function print(line: string) {
  return console.log(line);
}

const commands: Record<string, (connection: Connection) => Promise<unknown>> = {
  register: async ({ session }) => {
    await session.register({ username: name, email, password: await askPassword(), remember: true });
    print(`signed in as ${name}`);
  },
  login: async ({ session }) => {
    const password = await askPassword();
    const { username } = await session.login({ identifier: name, password, remember: true });
    print(`signed in as ${username}`);
  },
  whoami: async ({ trpc }) => print((await trpc.auth.me.query()).username),
  watch: (connection) => watch(connection, { everyMs: Number(values.every), print }),
  logout: async ({ session }) => {
    await session.logout();
    print('signed out');
  },
};

const run = commands[command];
if (run) {
  const connection = connect(values);
  try {
    await run(connection);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    // Otherwise the timer of the next refresh keeps the process alive.
    connection.session.close();
  }
} else {
  console.error(USAGE);
  process.exitCode = 2;
}
