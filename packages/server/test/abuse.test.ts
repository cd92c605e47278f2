import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createServices } from '../src/createServices.js';
import type { AuthEvent } from '../src/index.js';
import { createTestClient, PASSWORD } from './testClient.js';
import { openTestDatabase, type TestDatabase } from './testDatabase.js';
import { createTestMailbox } from './testMailbox.js';
import { MINUTE, ORIGIN, startTestServer, type TestServer, testSecrets } from './testServer.js';

const DAY = 24 * 60 * MINUTE;
/** The default limit of sign-ins in a minute. */
const BURST = 10;

let database: TestDatabase;
let server: TestServer;

beforeAll(async () => {
  database = await openTestDatabase();
  // One hop: the proxy in front adds the last address of X-Forwarded-For.
  server = await startTestServer(database.connection, { trustProxy: 1, mail: mailbox.mailer });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

// Only the date is fake: sockets and queues use the real time.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

function advance(milliseconds: number) {
  return vi.setSystemTime(Date.now() + milliseconds);
}

let people = 0;
async function newUser() {
  const username = `Guessed-${people++}`;
  const { user } = await createTestClient(server.url).register(username);
  return { id: user.id, username, email: `${username.toLowerCase()}@example.com` };
}

const mailbox = createTestMailbox();

function login(identifier: string, options: { password?: string; from?: string; at?: string } = {}) {
  const { password = 'not the password', from, at = 'auth.login' } = options;
  const headers: Record<string, string> = from === undefined ? {} : { 'x-forwarded-for': from };
  return createTestClient(server.url).mutate(at, { identifier, password }, headers);
}

function reasonOf({ error, status }: Awaited<ReturnType<typeof login>>) {
  return error?.data.reason ?? status;
}

function times<T>(count: number, make: (index: number) => T) {
  return Array.from({ length: count }, (_, n) => make(n));
}

function count(reasons: readonly unknown[], reason: unknown) {
  return reasons.filter((each) => each === reason).length;
}

function eventsOf(type: AuthEvent['type']) {
  return server.events.filter((event) => event.type === type);
}

async function lockOut(identifier: string) {
  for (let attempt = 0; attempt < BURST; attempt++) await login(identifier);
  const refused = await login(identifier);
  expect(reasonOf(refused)).toBe('TOO_MANY_ATTEMPTS');
  return refused;
}

describe('sign-ins of one account', () => {
  it('L1: are refused after ten failures, with the right password too, until the delay is over', async () => {
    const { id, username } = await newUser();
    const refused = await lockOut(username);
    expect(refused.status).toBe(429);
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect(refused.error?.data).toMatchObject({ code: 'TOO_MANY_REQUESTS', retryAfter });
    expect(reasonOf(await login(username, { password: PASSWORD }))).toBe('TOO_MANY_ATTEMPTS');
    expect(eventsOf('authn_login_lock').filter(({ userId }) => userId === id)).toHaveLength(1);
    advance(retryAfter * 1_000);
    expect(reasonOf(await login(username, { password: PASSWORD }))).toBe(200);
  });

  it('L1: are counted from zero after a success', async () => {
    const { username } = await newUser();
    for (let round = 0; round < 3; round++) {
      for (let failure = 0; failure < BURST - 1; failure++) {
        expect(reasonOf(await login(username))).toBe('INVALID_CREDENTIALS');
      }
      expect(reasonOf(await login(username, { password: PASSWORD }))).toBe(200);
    }
  });

  it('L1: are delayed for longer each time, and after 100 in a row refused until a reset', async () => {
    const { id, username } = await newUser();
    const delays: number[] = [];
    let checks = 0;
    const longest = 30 * DAY;
    while ((delays.at(-1) ?? 0) * 1_000 < longest) {
      // Always from a new address, so that only the account is counted.
      const answer = await login(username, { from: `198.51.${checks % 250}.${delays.length % 250}` });
      if (reasonOf(answer) === 'INVALID_CREDENTIALS') checks += 1;
      else {
        const delay = Number(answer.headers.get('retry-after'));
        delays.push(delay);
        if (delay * 1_000 < longest) advance(delay * 1_000);
      }
    }
    expect(checks).toBe(100);
    expect(delays[0]).toBeLessThanOrEqual(60);
    expect(delays.slice(1).some((delay) => delay > 10 * 60)).toBe(true);
    expect(delays.slice(1).some((delay) => delay > 12 * 60 * 60)).toBe(true);
    expect(reasonOf(await login(username, { password: PASSWORD }))).toBe('TOO_MANY_ATTEMPTS');
    await server.auth.limits.reset(id);
    expect(reasonOf(await login(username, { password: PASSWORD }))).toBe(200);
  });

  it('L2: share one counter for name, e-mail address, any case, any form of the URL, and every call of a batch', async () => {
    const { username, email } = await newUser();
    const forms = ['auth.login', '/auth.login', 'x/auth.login', 'auth%2Elogin', 'auth.login?batch=0'];
    const identifiers = [username, email, username.toUpperCase(), ` ${email.toUpperCase()} `];
    for (let attempt = 0; attempt < BURST - 4; attempt++) {
      const [at, identifier] = [forms[attempt % forms.length], identifiers[attempt % identifiers.length]];
      expect(reasonOf(await login(identifier ?? '', { at: at ?? '' }))).toBe('INVALID_CREDENTIALS');
    }
    const batch = times(20, (n) => ({ identifier: identifiers[n % 4], password: 'not the password' }));
    const answer = await fetch(`${server.url}/trpc/${times(20, () => 'auth.login').join(',')}?batch=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-latchkey': '1' },
      body: JSON.stringify({ ...batch }),
    });
    const answers = (await answer.json()) as { error: { data: { reason: string } } }[];
    const reasons = answers.map(({ error }) => error.data.reason);
    expect(count(reasons, 'INVALID_CREDENTIALS')).toBe(4);
    expect(count(reasons, 'TOO_MANY_ATTEMPTS')).toBe(16);
  });

  it('L2: share one counter for all spellings of an unknown name', async () => {
    for (const [n, name] of times(BURST, (n) => (n % 2 ? 'No.Such-One' : 'no.such-one')).entries()) {
      expect(reasonOf(await login(name)), String(n)).toBe('INVALID_CREDENTIALS');
    }
    expect(reasonOf(await login('NO.SUCH-ONE'))).toBe('TOO_MANY_ATTEMPTS');
    expect(reasonOf(await login('no.such.one'))).toBe('INVALID_CREDENTIALS');
  });

  it('L3: do not get past the limit when 20 are made at once', async () => {
    for (const name of [(await newUser()).username, 'nobody-at-all']) {
      const reasons = (await Promise.all(times(20, () => login(name)))).map(reasonOf);
      expect(count(reasons, 'INVALID_CREDENTIALS')).toBe(BURST);
      expect(count(reasons, 'TOO_MANY_ATTEMPTS')).toBe(10);
    }
  });

  it('L3: do not get past the limit when 1,000 are made at once from as many addresses', async () => {
    const { username } = await newUser();
    const secrets = testSecrets();
    // Without HTTP: 1,000 sockets at once are more than some machines open.
    const services = createServices({
      mongoose: database.connection,
      appUrl: ORIGIN,
      accessToken: { keys: secrets.access },
      refreshToken: { keys: secrets.refresh },
      password: { pepper: secrets.pepper, bcryptCost: 4 },
      clock: Date.now,
    });
    const guess = async (n: number) => {
      const client = { ip: `203.0.${n >> 8}.${n & 255}`, userAgent: '' };
      const input = { identifier: username, password: 'not the password' };
      const request = { persistent: false, client, replaces: undefined, signal: undefined };
      return services.signInWithPassword(input, request).catch(({ reason }) => reason);
    };
    const reasons = await Promise.all(times(1_000, guess));
    await services.stop();
    // Fewer where some had to wait for too long.
    const checked = count(reasons, 'INVALID_CREDENTIALS');
    expect(checked).toBeGreaterThan(0);
    expect(checked).toBeLessThanOrEqual(BURST);
    expect(count(reasons, 'TOO_MANY_ATTEMPTS')).toBe(1_000 - checked);
  });

  it('L5: are possible again after the limit was reset', async () => {
    const { id, username } = await newUser();
    await lockOut(username);
    await server.auth.limits.reset(id);
    expect(reasonOf(await login(username, { password: PASSWORD }))).toBe(200);
  });

  it('L13: report a success after failures, and not one after a single slip', async () => {
    const [slipping, guessed] = [await newUser(), await newUser()];
    await login(slipping.username);
    await login(slipping.username, { password: PASSWORD });
    for (let failure = 0; failure < 5; failure++) await login(guessed.username);
    await login(guessed.username, { password: PASSWORD });
    await login(guessed.username, { password: PASSWORD });
    const reported = eventsOf('authn_login_successafterfail').filter(({ userId }) =>
      [slipping.id, guessed.id].includes(userId ?? ''),
    );
    expect(reported).toEqual([
      expect.objectContaining({ userId: guessed.id, ip: '127.0.0.1', detail: 'after 5' }),
    ]);
    const notice = await mailbox.mail(guessed.email, 'sign_in_after_failures');
    expect(notice.text).toContain('after 5 attempts');
    expect(mailbox.count(slipping.email)).toBe(0);
  });
});

describe('mails and links', () => {
  const ask = (email: string) => createTestClient(server.url).mutate('auth.password.requestReset', { email });

  it('L14: are sent to one address up to the limit, with the same answer afterwards', async () => {
    const [asked, other] = [await newUser(), await newUser()];
    for (let request = 0; request < 12; request++) {
      const address = request % 2 ? asked.email : ` ${asked.email.toUpperCase()}`;
      expect((await ask(address)).data).toEqual({ ok: true });
    }
    await ask(other.email);
    // Mails are sent in order: once the last one has arrived, all have.
    await mailbox.mail(other.email, 'password_reset');
    expect(mailbox.count(asked.email, 'password_reset')).toBe(5);
    advance(15 * MINUTE);
    await ask(asked.email);
    await mailbox.mail(asked.email, 'password_reset', 6);
  });

  it('L14: can be asked for from one client address up to the limit', async () => {
    const limits = { 'password-reset': { address: [{ attempts: 3, perMs: MINUTE }] } };
    await using at = await startTestServer(database.connection, { limits, mail: mailbox.mailer });
    const reasons: unknown[] = [];
    for (let request = 0; request < 5; request++) {
      const email = `nobody-${request}@example.com`;
      reasons.push(reasonOf(await createTestClient(at.url).mutate('auth.password.requestReset', { email })));
    }
    expect(reasons).toEqual([200, 200, 200, 'TOO_MANY_ATTEMPTS', 'TOO_MANY_ATTEMPTS']);
  });

  it('L14: never lock a person out, however often they are asked for', async () => {
    const { username, email } = await newUser();
    for (let request = 0; request < 8; request++) await ask(email);
    expect(reasonOf(await login(username, { password: PASSWORD }))).toBe(200);
  });

  it('L14: to verify an address are limited for each account', async () => {
    const [one, other] = [createTestClient(server.url), createTestClient(server.url)];
    await one.register('verifier-1');
    await other.register('verifier-2');
    const askToVerify = (person: typeof one) =>
      person.mutate('auth.email.requestVerification').then(reasonOf);
    for (let request = 0; request < 5; request++) expect(await askToVerify(one)).toBe(200);
    expect(await askToVerify(one)).toBe('TOO_MANY_ATTEMPTS');
    expect(await askToVerify(other)).toBe(200);
  });

  it('L5: let a locked-out owner sign in with a new password', async () => {
    const { username, email } = await newUser();
    await lockOut(username);
    await ask(email);
    const token = await mailbox.token(email, 'password_reset');
    const newPassword = 'a gate behind the mill 8';
    const reset = await createTestClient(server.url).mutate('auth.password.reset', { token, newPassword });
    expect(reset.data).toEqual({ ok: true });
    expect(reasonOf(await login(username, { password: newPassword }))).toBe(200);
  });

  it('L1: give a stolen session a limited number of password guesses', async () => {
    const person = createTestClient(server.url);
    await person.register('robbed');
    const guess = () =>
      person
        .mutate('auth.password.change', {
          currentPassword: 'a guess',
          newPassword: 'a gate behind the mill 8',
        })
        .then(reasonOf);
    for (let attempt = 0; attempt < BURST; attempt++) expect(await guess()).toBe('INVALID_CREDENTIALS');
    expect(await guess()).toBe('TOO_MANY_ATTEMPTS');
    expect(reasonOf(await login('robbed', { password: PASSWORD }))).toBe(200);
  });
});

describe('sign-ins from one address', () => {
  const few = {
    login: { address: [{ attempts: 5, perMs: MINUTE }] },
    register: { address: [{ attempts: 2, perMs: MINUTE }] },
  };
  const strict = () => startTestServer(database.connection, { trustProxy: 1, limits: few });
  const tryFrom = (at: TestServer, from: string) =>
    createTestClient(at.url)
      .mutate('auth.login', { identifier: `n${Math.random()}`, password: 'x' }, { 'x-forwarded-for': from })
      .then(reasonOf);

  it.each([
    ['an invented address before the real one', (n: number) => `10.9.${n}.1, 192.0.2.10`],
    [
      'every spelling of an IPv4 address',
      (n: number) => ['192.0.2.20', '::ffff:192.0.2.20', '::FFFF:c000:214'][n % 3] ?? '',
    ],
    ['every address of an IPv6 /64', (n: number) => `2001:db8:1:2:${n}::${n}`],
  ])('L4: share one counter for %s', async (_name, addressOf) => {
    await using at = await strict();
    const reasons: unknown[] = [];
    for (let attempt = 0; attempt < 8; attempt++) reasons.push(await tryFrom(at, addressOf(attempt)));
    expect(count(reasons, 'INVALID_CREDENTIALS')).toBe(5);
    expect(reasons.slice(5)).toEqual(Array(3).fill('TOO_MANY_ATTEMPTS'));
    expect(await tryFrom(at, '192.0.2.99')).toBe('INVALID_CREDENTIALS');
    await database.connection.collection('latchkey_limits').deleteMany({});
  });

  it('count failures only, and a success with another account clears none of them', async () => {
    await using at = await strict();
    const owner = createTestClient(at.url);
    await owner.register('attacker');
    const signIn = () =>
      owner.mutate('auth.login', { identifier: 'attacker', password: PASSWORD }).then(reasonOf);
    const guess = () => tryFrom(at, '127.0.0.1');
    for (let n = 0; n < 8; n++) expect(await signIn()).toBe(200);
    for (let n = 0; n < 5; n++) {
      expect(await guess()).toBe('INVALID_CREDENTIALS');
      if (n < 4) expect(await signIn()).toBe(200);
    }
    expect(await guess()).toBe('TOO_MANY_ATTEMPTS');
    await database.connection.collection('latchkey_limits').deleteMany({});
  });

  it('are limited for registrations too, with the usual refusal', async () => {
    await using at = await strict();
    const register = (name: string) =>
      createTestClient(at.url).mutate('auth.register', {
        username: name,
        email: `${name}@example.com`,
        password: PASSWORD,
      });
    await register('crowd-1');
    await register('crowd-1');
    const refused = await register('crowd-2');
    expect(refused.status).toBe(429);
    expect(refused.error?.data).toMatchObject({
      reason: 'TOO_MANY_ATTEMPTS',
      retryAfter: expect.any(Number),
    });
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    await database.connection.collection('latchkey_limits').deleteMany({});
  });
});

describe('more sign-ins than can be hashed', () => {
  it('are answered in order or refused with Retry-After, and a refusal uses up no attempt', async () => {
    await using busy = await startTestServer(database.connection, {
      trustProxy: 1,
      password: { pepper: 'a pepper of at least thirty-two bytes', bcryptCost: 10 },
    });
    const attempt = (n: number) =>
      createTestClient(busy.url).mutate(
        'auth.login',
        { identifier: `stormer-${n}`, password: 'not the password' },
        { 'x-forwarded-for': `203.0.113.${n}` },
      );
    const storm = Promise.all(times(200, attempt));
    const reading = createTestClient(busy.url);
    for (let n = 0; n < 20; n++) expect((await reading.query('host.open')).status).toBe(200);
    const answers = await storm;
    const refused = answers.filter((answer) => reasonOf(answer) === 'TOO_MANY_ATTEMPTS');
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, headers } of refused) {
      expect(status).toBe(429);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(count(answers.map(reasonOf), 'INVALID_CREDENTIALS')).toBe(200 - refused.length);
    const late = answers.findIndex((answer) => reasonOf(answer) === 'TOO_MANY_ATTEMPTS');
    for (let n = 0; n < BURST; n++) expect(reasonOf(await attempt(late))).toBe('INVALID_CREDENTIALS');
    expect(reasonOf(await attempt(late))).toBe('TOO_MANY_ATTEMPTS');
  });
});

describe('what is stored', () => {
  it('contains no name or address, and is removed when its period is over', async () => {
    const { username, email } = await newUser();
    await login(username, { from: '192.0.2.77' });
    const collection = database.connection.collection('latchkey_limits');
    const stored = await collection.find().toArray();
    expect(stored.length).toBeGreaterThan(0);
    const text = JSON.stringify(stored).toLowerCase();
    for (const word of [username, email, '192.0.2.77']) expect(text).not.toContain(word.toLowerCase());
    expect(stored.every(({ expire }) => expire instanceof Date)).toBe(true);
    const indexes = await collection.indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { expire: -1 }, expireAfterSeconds: 0 }));
    expect(indexes).toContainEqual(expect.objectContaining({ key: { key: 1 }, unique: true }));
  });
});

describe('the options', () => {
  it.each([
    { attempts: 0, perMs: MINUTE },
    { attempts: 1.5, perMs: MINUTE },
    { attempts: 5, perMs: 10 },
  ])('refuse %o with the name of the option', async (limit) => {
    const starting = startTestServer(database.connection, { limits: { login: { account: [limit] } } });
    await expect(starting).rejects.toThrow('limits.login.account');
  });

  it('treat an empty list as no limit', async () => {
    await using at = await startTestServer(database.connection, {
      limits: { login: { account: [], address: [] } },
    });
    const attempts = times(30, () =>
      createTestClient(at.url).mutate('auth.login', { identifier: 'free', password: 'x' }),
    );
    expect(new Set((await Promise.all(attempts)).map(reasonOf))).toEqual(new Set(['INVALID_CREDENTIALS']));
  });
});
