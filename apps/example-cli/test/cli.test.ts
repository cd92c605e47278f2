import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { runTool, startTool } from './runTool.js';
import { startServer } from './startServer.js';

const PASSWORD = 'four unlikely words here\n';
let server: Awaited<ReturnType<typeof startServer>>;
let folder: string;
let options: string[];
let people = 0;

beforeAll(async () => {
  [server, folder] = await Promise.all([startServer(), mkdtemp(join(tmpdir(), 'latchkey-cli-'))]);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  options = ['--url', server.url, '--file', join(folder, `person-${++people}`)];
});

async function register() {
  const name = `person-${people}`;
  const registered = await runTool(['register', name, `${name}@example.org`, ...options], PASSWORD);
  expect(registered).toMatchObject({ code: 0, lines: [`signed in as ${name}`] });
  return name;
}

/** Waits until the tool has printed a word so many more times. */
async function hear(tool: ReturnType<typeof startTool>, word: string, times: number) {
  const count = () => tool.lines.filter((line) => line === word).length;
  const before = count();
  await vi.waitFor(() => expect(count(), tool.complaints.join('\n')).toBeGreaterThanOrEqual(before + times), {
    timeout: 60_000,
  });
}

test('signs in, stays signed in from one start to the next, and signs out', async () => {
  const name = await register();
  expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  expect(await runTool(['whoami', ...options])).toMatchObject({ code: 0, lines: [name] });
  expect(await runTool(['logout', ...options])).toMatchObject({ code: 0, lines: ['signed out'] });
  expect(await runTool(['whoami', ...options])).toMatchObject({
    code: 1,
    complaints: ['An access token is required.'],
  });
  const wrong = await runTool(['login', name, ...options], 'a wrong guess\n');
  expect(wrong).toMatchObject({ code: 1, lines: [] });
  expect(wrong.complaints.at(-1)).toBe('The name or the password is wrong.');
  expect(await runTool(['login', name, ...options], PASSWORD)).toMatchObject({ code: 0 });
  expect(await runTool(['whoami', ...options])).toMatchObject({ code: 0, lines: [name] });
});

test('goes on through token expiries, kills of the tool and of the server, and restarts of both', async () => {
  const name = await register();
  const watching = ['watch', '--every', '50', ...options];
  {
    await using tool = startTool(watching);
    await hear(tool, name, 100); // at 50 ms and more, over two lives of a token
    await server.kill();
    await hear(tool, 'no answer', 3);
    await server.restart();
    await hear(tool, name, 50);
    await tool.kill();
  }
  for (let round = 0; round < 3; round++) {
    await using tool = startTool(watching);
    await hear(tool, name, 10 + 20 * round);
    await tool.kill();
  }
  await server.kill();
  await using tool = startTool(watching);
  await hear(tool, 'no answer', 2);
  await server.restart();
  await hear(tool, name, 60);
  expect(new Set(tool.lines)).toEqual(new Set([name, 'no answer']));
  expect(tool.complaints).toEqual([]);
});

test('two tools share one file', async () => {
  const name = await register();
  const watching = ['watch', '--every', '20', ...options];
  await using first = startTool(watching);
  await using second = startTool(watching);
  await Promise.all([hear(first, name, 150), hear(second, name, 150)]);
  expect(await runTool(['logout', ...options])).toMatchObject({ code: 0 });
  expect(await Promise.all([first.exited, second.exited])).toEqual([1, 1]);
  expect(new Set([...first.lines, ...second.lines])).toEqual(new Set([name]));
});
