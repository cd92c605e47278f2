import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { type Answer, createApi, newPerson } from './support/api.js';
import { type DatabaseProcess, startDatabaseProcess } from './support/databaseProcess.js';
import { runAdminCommand, type ServerProcess, startServerProcess } from './support/serverProcess.js';

interface Mail {
  to: string;
  link?: string;
}

/** Texts that must not leave the server, by description. */
type Secrets = Map<string, string>;

function random() {
  return randomBytes(24).toString('base64url');
}

/** The app's own secrets, for the server and the admin command. */
function appSecrets() {
  const secrets = {
    ACCESS_TOKEN_SECRET: random(),
    REFRESH_TOKEN_SECRET: random(),
    PASSWORD_PEPPER: random(),
  };
  return { env: secrets, secrets: new Map(Object.entries(secrets)) };
}

/** Collects secrets and refusals of all clients. */
function createWitness(server: ServerProcess, known: Secrets) {
  const secrets: Secrets = new Map(known);
  const refusals: string[] = [];
  let count = 0;
  const keep = (what: string, secret: string | undefined) => {
    if (secret === undefined || secret.length < 8) throw new Error(`no ${what} to look for`);
    count += 1;
    secrets.set(`${what} ${count}`, secret);
    return secret;
  };
  const keepCredentials = ({ data }: Answer, cookie: string | undefined) => {
    const [header, payload, signature] = data.accessToken.split('.');
    const [, refreshToken = ''] = (cookie ?? '').split('=');
    const [sessionId, , , secret, tag] = refreshToken.split('.');
    keep('access token', `${header}.${payload}`);
    keep('claims', payload);
    keep('signature', signature);
    keep('refresh token', refreshToken);
    keep('session id', sessionId);
    keep('secret of a refresh token', secret);
    keep('tag', tag);
  };
  const noted = async (asking: Promise<Answer>) => {
    const answer = await asking;
    if (answer.status >= 400) refusals.push(answer.text);
    return answer;
  };
  const newClient = () => {
    const api = createApi(server.url);
    const post: typeof api.post = async (path, input, headers) => {
      const answer = await noted(api.post(path, input, headers));
      if (typeof answer.data?.accessToken === 'string') keepCredentials(answer, api.cookie);
      return answer;
    };
    const get: typeof api.get = (path, headers) => noted(api.get(path, headers));
    return {
      post,
      get,
      get cookie() {
        return api.cookie;
      },
      adopt: (other: string | undefined) => {
        api.cookie = other;
      },
    };
  };
  return { secrets, refusals, keep, newClient };
}

type Witness = ReturnType<typeof createWitness>;

function newPassword(witness: Witness) {
  return witness.keep('password', `canary ${random()}`);
}

/** Waits for the newest mail to an address about a topic. */
async function mailTo(server: ServerProcess, { to, about }: { to: string; about: RegExp }): Promise<string> {
  let link: string | undefined;
  await expect
    .poll(async () => {
      const mails = (await (await fetch(`${server.url}/dev/mailbox.json`)).json()) as Mail[];
      link = mails.find((mail) => mail.to === to && about.test(mail.link ?? ''))?.link;
      return link;
    })
    .toBeTypeOf('string');
  return link ?? '';
}

function tokenIn(link: string) {
  return /[\w-]{30,}/.exec(link.slice(link.indexOf('#') + 1))?.[0] ?? '';
}

/** Does everything that can be done with an account, with every failure on the way. */
async function liveThrough(server: ServerProcess, witness: Witness) {
  const { keep, newClient } = witness;
  const person = { ...newPerson(), password: newPassword(witness) };
  const identifier = person.username;
  const client = newClient();
  await client.post('auth.register', person);
  await newClient().post('auth.register', { ...person, username: `${identifier}x` });
  await newClient().post('auth.register', { ...person, extra: keep('unknown field', `canary-${random()}`) });
  await client.post('auth.email.requestVerification');

  for (let failure = 0; failure < 2; failure++)
    await newClient().post('auth.login', { identifier, password: newPassword(witness) });
  await newClient().post('auth.login', {
    identifier: keep('name', `canary-${random()}`),
    password: 'wrong one',
  });
  await newClient().post('auth.refresh', undefined, { cookie: `${client.cookie}x` });
  await newClient().get('auth.me', {
    authorization: `Bearer ${keep('wrong token', `canary.${random()}.x`)}`,
  });
  await newClient().get(`auth.me?access_token=${keep('token in a query', `canary-${random()}`)}`);

  const link = await mailTo(server, { to: person.email, about: /verif/ });
  keep('link', link);
  await client.post('auth.email.verify', { token: keep('token of a link', tokenIn(link)) });
  await client.post('auth.email.verify', { token: tokenIn(link) });

  const changed = newPassword(witness);
  await client.post('auth.password.change', { currentPassword: newPassword(witness), newPassword: changed });
  const renewed = await client.post('auth.password.change', {
    currentPassword: person.password,
    newPassword: changed,
  });
  expect(renewed.status).toBe(200);

  await newClient().post('auth.password.requestReset', { email: person.email });
  const reset = await mailTo(server, { to: person.email, about: /reset/ });
  keep('link', reset);
  const token = keep('token of a link', tokenIn(reset));
  await newClient().post('auth.password.reset', { token: `${token}x`, newPassword: newPassword(witness) });
  const last = newPassword(witness);
  expect((await newClient().post('auth.password.reset', { token, newPassword: last })).status).toBe(200);
  await newClient().post('auth.password.reset', { token, newPassword: newPassword(witness) });

  expect((await client.post('auth.login', { identifier, password: last })).status).toBe(200);
  const stolen = client.cookie;
  await client.post('auth.refresh');
  await client.get('whoami');
  const thief = newClient();
  await expect
    .poll(async () => {
      thief.adopt(stolen);
      return (await thief.post('auth.refresh')).error?.reason;
    })
    .toBe('REFRESH_REUSED');
  await client.post('auth.login', { identifier, password: last });
  await client.post('notes.create', { text: keep('note', `canary-${random()}`) });
  await client.post('auth.account.delete', { password: newPassword(witness) });
  return { client, identifier, password: last };
}

/** Sends requests that no client of ours would. */
async function sendGarbage(server: ServerProcess, witness: Witness) {
  const canary = witness.keep('broken body', `canary-${random()}`);
  for (const body of [`{"password":"${canary}`, `{"password":"${canary}"} ${canary}`, `${canary}{}`, '\0'])
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
      const headers = { 'content-type': type, 'x-latchkey': '1' };
      const res = await fetch(`${server.url}/trpc/auth.login`, { method: 'POST', headers, body });
      witness.refusals.push(await res.text());
      expect(res.status).toBeLessThan(500);
    }
}

async function everythingSaid(
  server: ServerProcess,
  witness: Witness,
  client: ReturnType<Witness['newClient']>,
) {
  const activity = await client.get('auth.activity.list');
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  return {
    log: server.output.join('\n'),
    refusals: witness.refusals.join('\n'),
    activity: activity.text,
    metrics,
  };
}

function found(secrets: Secrets, said: Record<string, string>): string[] {
  return Object.entries(said).flatMap(([where, text]) =>
    [...secrets]
      .filter(([, secret]) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
      .map(([what]) => `${what} in ${where}`),
  );
}

function start(database: DatabaseProcess, env: Record<string, string>) {
  return startServerProcess({ MONGODB_URI: database.uri, REFRESH_GRACE: '0s', ...env });
}

test('E2: nothing secret comes out of the server, whatever is done and whatever fails', async () => {
  const { env, secrets } = appSecrets();
  await using database = await startDatabaseProcess();
  await using server = await start(database, env);
  const witness = createWitness(server, secrets);
  const { client, identifier, password } = await liveThrough(server, witness);
  await sendGarbage(server, witness);

  const command = await runAdminCommand([identifier], {
    NODE_ENV: 'test',
    MONGODB_URI: database.uri,
    ...env,
  });
  expect(command.code).toBe(0);
  expect(found(witness.secrets, { command: command.stdout + command.stderr })).toEqual([]);

  await client.post('auth.login', { identifier, password });
  const before = await everythingSaid(server, witness, client);
  expect(before.activity).toContain('"authn_token_reuse"');
  await database.kill();
  for (const attempt of [
    () => client.post('auth.login', { identifier, password }),
    () => client.post('auth.refresh'),
    () => client.get('auth.activity.list'),
    () => witness.newClient().post('auth.register', { ...newPerson(), password: newPassword(witness) }),
  ])
    expect((await attempt()).status).toBe(503);
  await database.start();
  await expect.poll(async () => (await client.post('auth.login', { identifier, password })).status).toBe(200);

  const after = await everythingSaid(server, witness, client);
  expect(after.log).toContain('"type":"background_error"');
  expect(after.refusals).toContain('SERVICE_UNAVAILABLE');
  expect(witness.secrets.size).toBeGreaterThan(40);
  expect(found(witness.secrets, after)).toEqual([]);
  expect(found(witness.secrets, { probe: `x${env.PASSWORD_PEPPER}x` })).toEqual(['PASSWORD_PEPPER in probe']);
});

test('E4: without its database the server lets nobody in, tells nothing of why, and recovers', async () => {
  await using database = await startDatabaseProcess();
  await using server = await start(database, {});
  const person = newPerson();
  const api = createApi(server.url);
  await api.post('auth.register', person);
  await database.kill();
  const { username: identifier, password } = person;
  for (const asking of [
    createApi(server.url).post('auth.login', { identifier, password }),
    createApi(server.url).post('auth.login', { identifier: 'nobody', password }),
    api.post('auth.password.change', { currentPassword: password, newPassword: 'another sentence of mine' }),
    api.get('auth.sessions.list'),
    api.get('auth.activity.list'),
    api.get('admin.users.list'),
    api.post('auth.logout'),
  ]) {
    const { status, error, text, setCookie } = await asking;
    expect({ status, code: error?.code, setCookie }).toEqual({
      status: 503,
      code: 'SERVICE_UNAVAILABLE',
      setCookie: undefined,
    });
    expect(text).not.toMatch(/mongo|socket|ECONN|EPIPE|127\.0|\.sock|\bat \/|node_modules|stack/i);
  }
  await database.start();
  await expect.poll(async () => (await api.get('auth.me')).status).toBe(200);
  expect((await createApi(server.url).post('auth.login', { identifier, password })).status).toBe(200);
  // The earlier sign-out had no effect.
  expect((await api.post('auth.logout')).status).toBe(200);
});

test('E3: neither a name nor a user agent can forge a line of the log or part of one', async () => {
  await using database = await startDatabaseProcess();
  await using server = await start(database, {});
  const forgeries = [
    '\r\n{"level":"info","msg":"forged"}',
    '","msg":"forged","x":"',
    '\u001b[2K\u001b[1A{"msg":"forged"}',
    '\u2028{"msg":"forged"}\u0085',
    '%0d%0a{"msg":"forged"}',
  ];
  for (const forged of forgeries) {
    const input = { ...newPerson(), username: forged, email: forged };
    await createApi(server.url).post('auth.register', input);
    await createApi(server.url).post('auth.login', { identifier: forged, password: forged });
    await sendUserAgent(`${server.url}/trpc/auth.me`, forged.replace(/[\r\n]/g, '\t'));
    await fetch(`${server.url}/trpc/${encodeURIComponent(forged)}?${encodeURIComponent(forged)}`);
  }
  expect(server.output.length).toBeGreaterThan(forgeries.length * 4);
  for (const line of server.output) {
    expect(JSON.parse(line)).not.toMatchObject({ msg: 'forged' });
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  }
});

/** Node's client would refuse to send such a header. */
function sendUserAgent(url: string, userAgent: string): Promise<void> {
  const { port, hostname, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      const head = `GET ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nuser-agent: ${userAgent}\r\n`;
      socket.end(`${head}connection: close\r\n\r\n`);
    });
    socket.resume();
    socket.once('close', () => resolve()).once('error', reject);
  });
}

test('E5: a rejection that nobody handles is logged and ends nothing', async () => {
  await using database = await startDatabaseProcess();
  const preloaded = `process.on('SIGUSR2', () => { Promise.reject(new Error('a stray rejection')); });`;
  await using server = await startServerProcess({ MONGODB_URI: database.uri }, { preloaded });
  const api = createApi(server.url);
  await api.post('auth.register', newPerson());
  for (let stray = 0; stray < 3; stray++) server.child.kill('SIGUSR2');
  await expect.poll(() => server.output.join('\n')).toContain('"message":"a stray rejection"');
  expect((await api.get('auth.me')).status).toBe(200);
  expect(server.child.exitCode).toBeNull();
});

test('E5: what was thrown outside any request ends the process in order, after what is in flight', async () => {
  await using database = await startDatabaseProcess();
  const preloaded = `process.on('SIGUSR2', () => { setImmediate(() => { throw new Error('a stray error'); }); });`;
  await using server = await startServerProcess({ MONGODB_URI: database.uri }, { preloaded });
  server.child.kill('SIGUSR2');
  expect(await server.exited).toBe(1);
  expect(server.output.join('\n')).toContain('"msg":"uncaught exception"');
});
