import { describe, expect, it } from 'vitest';
import { createTestClient, PASSWORD, type TestClient } from './testClient.js';
import { MINUTE, startTestServer, testSecrets } from './testServer.js';
import { useTestServer } from './useTestServer.js';

let people = 0;
const secrets = testSecrets();

const { database, server } = await useTestServer({ secrets });

/** A person who has just registered. */
async function signedInClient(options: { remember?: boolean } = {}) {
  const client = createTestClient(server.url);
  people += 1;
  const credentials = await client.register(`person${people}`, options);
  return { client, credentials };
}

function sessionRecord(id: string) {
  return database.connection.collection('latchkey_sessions').findOne({ _id: id as never });
}

describe('refresh', () => {
  it('S1: moves the session to the next generation and gives a new cookie', async () => {
    const { client, credentials } = await signedInClient();
    const before = client.jar;
    const answer = await client.refresh();
    expect(answer.data).toMatchObject({ session: { id: credentials.session.id, generation: 1 } });
    expect(client.jar).not.toBe(before);
    expect(await sessionRecord(credentials.session.id)).toMatchObject({ generation: 1, revokedAt: null });
  });

  it('S2: answers 50 parallel refreshes of one token with one successor', async () => {
    const { client, credentials } = await signedInClient();
    const tabs = Array.from({ length: 50 }, () => client.copy());
    const answers = await Promise.all(tabs.map((tab) => tab.refresh()));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(new Set(tabs.map(({ jar }) => jar)).size).toBe(1);
    expect(await sessionRecord(credentials.session.id)).toMatchObject({ generation: 1 });
  });

  it('answers a lost response again, however late, while nobody has used the successor', async () => {
    const { client } = await signedInClient();
    const lost = client.copy();
    await lost.refresh();
    server.clock.advance(10 * MINUTE);
    const answer = await client.refresh();
    expect(answer.status).toBe(200);
    expect(client.jar).toBe(lost.jar);
  });

  it('rotates at most once in a grace period', async () => {
    const { client } = await signedInClient();
    await client.refresh();
    const current = client.jar;
    const again = await client.refresh();
    expect(again.data).toMatchObject({ session: { generation: 1 } });
    expect(client.jar).toBe(current);
    server.clock.advance(30_000);
    expect((await client.refresh()).data).toMatchObject({ session: { generation: 2 } });
  });

  it('S1: ends the session when a superseded token is presented after its successor was used', async () => {
    const { client, credentials } = await signedInClient();
    const thief = client.copy();
    await client.refresh();
    expect((await client.query('host.who')).status).toBe(200);
    await acknowledged(credentials.session.id, 1);
    server.clock.advance(31_000);
    const reuse = await thief.refresh();
    expect(reuse.error?.data.reason).toBe('REFRESH_REUSED');
    expect(reuse.headers.getSetCookie()).toEqual([]);
    expect((await client.query('host.who')).error?.data.reason).toBe('SESSION_REVOKED');
    expect((await client.refresh()).error?.data.reason).toBe('SESSION_REVOKED');
    expect(server.events.map(({ type }) => type)).toContain('authn_token_reuse');
  });

  it('replays the successor to a late duplicate of the request that rotated', async () => {
    const { client, credentials } = await signedInClient();
    const duplicate = client.copy();
    await client.refresh('episode-1');
    await client.query('host.who');
    await acknowledged(credentials.session.id, 1);
    server.clock.advance(5 * MINUTE);
    expect((await duplicate.refresh('episode-1')).status).toBe(200);
    expect(duplicate.jar).toBe(client.jar);
  });

  it('S1: treats a duplicate of the last four rotations as late, and an older one as a theft', async () => {
    const { client, credentials } = await signedInClient();
    const before: TestClient[] = [];
    for (let generation = 1; generation <= 5; generation++) {
      before.push(client.copy());
      await client.refresh(`episode-${generation}`);
      await client.query('host.who');
      await acknowledged(credentials.session.id, generation);
      server.clock.advance(31_000);
    }
    const reasons = [];
    for (const episode of [4, 3, 2, 1])
      reasons.push((await before[episode - 1]?.refresh(`episode-${episode}`))?.error?.data.reason);
    expect(reasons).toEqual(['REFRESH_STALE', 'REFRESH_STALE', 'REFRESH_STALE', 'REFRESH_REUSED']);
  });

  it('refuses a token many generations old within the grace period, without an alarm', async () => {
    const { client, credentials } = await signedInClient();
    const old = client.copy();
    for (let generation = 1; generation <= 3; generation++) {
      server.clock.advance(31_000);
      await client.refresh();
    }
    const answer = await old.refresh();
    expect(answer.error?.data.reason).toBe('REFRESH_STALE');
    expect(await sessionRecord(credentials.session.id)).toMatchObject({ generation: 3, revokedAt: null });
  });

  it('heals after the database went back in time', async () => {
    const { client, credentials } = await signedInClient();
    const backup = await sessionRecord(credentials.session.id);
    for (let generation = 1; generation <= 3; generation++) {
      await client.refresh();
      server.clock.advance(31_000);
    }
    await database.connection
      .collection('latchkey_sessions')
      .replaceOne({ _id: backup?._id as never }, backup ?? {});
    const answer = await client.refresh();
    expect(answer.data).toMatchObject({ session: { generation: 4 } });
    expect(server.events.map(({ type }) => type)).toContain('session_healed');
  });

  describe('when an answer from before a heal reaches the jar last', () => {
    /** Rolls back within the grace period, heals two generations further, then puts the undone answer into the jar. */
    async function healedWithAnOlderJar() {
      const { client, credentials } = await signedInClient();
      const { id } = credentials.session;
      await client.refresh();
      const backup = await sessionRecord(id);
      const older = client.jar;
      server.clock.advance(31_000);
      await client.refresh();
      await database.connection
        .collection('latchkey_sessions')
        .replaceOne({ _id: id as never }, backup ?? {});
      expect((await client.refresh()).data).toMatchObject({ session: { generation: 3 } });
      const current = client.jar;
      client.jar = older;
      return { client, id, current };
    }

    /** The same, after the current token was used and the older one was forgiven by an answer that was lost. */
    async function forgivenWithAnOlderJar() {
      const healed = await healedWithAnOlderJar();
      await healed.client.query('host.who');
      await acknowledged(healed.id, 3);
      server.clock.advance(31_000);
      expect((await healed.client.copy().refresh()).status).toBe(200);
      return healed;
    }

    it('replays the current token when nobody has used it', async () => {
      const { client, current } = await healedWithAnOlderJar();
      server.clock.advance(31_000);
      expect((await client.refresh()).status).toBe(200);
      expect(client.jar).toBe(current);
    });

    it('forgives the older token once when the current one was used', async () => {
      const { client, current } = await forgivenWithAnOlderJar();
      server.clock.advance(31_000);
      expect((await client.refresh()).status).toBe(200);
      expect(client.jar).toBe(current);
    });

    it('ignores an access token from before the forgiveness', async () => {
      const { client, current } = await forgivenWithAnOlderJar();
      {
        // This node has not seen the token before. When it stops, it has written its acknowledgements.
        await using there = await startTestServer(database.connection, { secrets, clock: server.clock.now });
        expect((await client.copy(there.url).query('host.who')).status).toBe(200);
      }
      server.clock.advance(31_000);
      expect((await client.refresh()).status).toBe(200);
      expect(client.jar).toBe(current);
    });

    it('S1: ends the session when the older token comes again after the forgiveness was used', async () => {
      const { client, id } = await healedWithAnOlderJar();
      await client.query('host.who');
      await acknowledged(id, 3);
      const thief = client.copy();
      server.clock.advance(31_000);
      await client.refresh();
      await client.query('host.who');
      await acknowledged(id, 3);
      server.clock.advance(31_000);
      expect((await thief.refresh()).error?.data.reason).toBe('REFRESH_REUSED');
    });
  });

  it('ignores an access token from a time that a rollback undid', async () => {
    const { client, credentials } = await signedInClient();
    const { id } = credentials.session;
    const backup = await sessionRecord(id);
    const undone = client.copy();
    await undone.refresh();
    await database.connection.collection('latchkey_sessions').replaceOne({ _id: id as never }, backup ?? {});
    server.clock.advance(5 * MINUTE);
    const lost = client.copy();
    await lost.refresh();
    // This is another generation with the same number, and its answer was lost: nobody has used it.
    expect((await undone.query('host.who')).status).toBe(200);
    server.clock.advance(5 * MINUTE);
    expect((await client.refresh()).status).toBe(200);
    await client.query('host.who');
    await acknowledged(id, 1);
  });

  it('S3: refuses a truncated, altered or case-changed token and leaves the session alone', async () => {
    const { client, credentials } = await signedInClient();
    const [sid, generation, kid, secret = '', tag = ''] = client.jar?.split('.') ?? [];
    const lastBitFlipped = `${secret.slice(0, -1)}${secret.endsWith('B') ? 'A' : 'B'}`;
    const forged = [
      client.jar?.slice(0, -1),
      client.jar?.toUpperCase(),
      [sid, generation, kid, lastBitFlipped, tag].join('.'),
      [sid, 7, kid, secret, tag].join('.'),
      [sid, generation, kid, secret, 'A'.repeat(22)].join('.'),
      ...Array.from(tag, (char, at) =>
        [
          sid,
          generation,
          kid,
          secret,
          tag.slice(0, at) + (char === 'A' ? 'Q' : 'A') + tag.slice(at + 1),
        ].join('.'),
      ),
      'x'.repeat(4_000),
      '%00',
    ];
    for (const value of forged) {
      const attacker = createTestClient(server.url);
      attacker.jar = value;
      expect((await attacker.refresh()).error?.data.reason, value).toBe('REFRESH_INVALID');
    }
    expect(await sessionRecord(credentials.session.id)).toMatchObject({ generation: 0, revokedAt: null });
  });

  it('S4: never moves the absolute end', async () => {
    const { client, credentials } = await signedInClient();
    for (let hour = 0; hour < 23; hour++) {
      server.clock.advance(60 * MINUTE);
      expect((await client.refresh()).data).toMatchObject({
        session: { expiresAt: credentials.session.expiresAt },
      });
    }
    server.clock.advance(60 * MINUTE);
    expect((await client.refresh()).error?.data.reason).toBe('SESSION_EXPIRED');
  });

  it('S4: ends a remembered session that was idle for a week', async () => {
    const { client } = await signedInClient({ remember: true });
    server.clock.advance(7 * 24 * 60 * MINUTE);
    expect((await client.refresh()).error?.data.reason).toBe('SESSION_EXPIRED');
  });

  it('S12: refuses an access token, or nothing, in place of a refresh token', async () => {
    const { client } = await signedInClient();
    const confused = createTestClient(server.url);
    expect((await confused.refresh()).error?.data.reason).toBe('REFRESH_MISSING');
    confused.jar = client.accessToken;
    expect((await confused.refresh()).error?.data.reason).toBe('REFRESH_INVALID');
  });

  it('S13, C2: puts the refresh token only into a cookie that no script can read', async () => {
    const { client, credentials } = await signedInClient();
    const secretOf = (value: string | undefined) => value?.split('.')[3] ?? '';
    expect(JSON.stringify(credentials)).not.toContain(secretOf(client.jar));
    const answer = await client.refresh();
    expect(secretOf(client.jar)).toHaveLength(43);
    expect(JSON.stringify(answer.data)).not.toContain(secretOf(client.jar));
    expect(answer.headers.getSetCookie()).toEqual([expect.stringContaining('; HttpOnly; Secure;')]);
    expect(JSON.stringify(server.events)).not.toContain(secretOf(client.jar));
  });

  it('C8: refuses two refresh cookies and clears them', async () => {
    const { client } = await signedInClient();
    const answer = await client.mutate('auth.refresh', undefined, {
      cookie: `__Host-latchkey-refresh=${client.jar}; __Host-latchkey-refresh=${client.jar}`,
    });
    expect(answer.error?.data.reason).toBe('REFRESH_INVALID');
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-latchkey-refresh=;.*Max-Age=0/);
  });

  it('K3: keeps sessions when the refresh key changes', async () => {
    const secrets = testSecrets();
    await using before = await startTestServer(database.connection, { secrets });
    const client = createTestClient(before.url);
    people += 1;
    await client.register(`person${people}`);
    const keys = [...testSecrets().refresh, ...secrets.refresh];
    await using after = await startTestServer(database.connection, { secrets, refreshToken: { keys } });
    const moved = createTestClient(after.url);
    moved.jar = client.jar;
    expect((await moved.refresh()).data).toMatchObject({ session: { generation: 1 } });
    after.clock.advance(31_000);
    expect((await moved.refresh()).data).toMatchObject({ session: { generation: 2 } });
  });

  it('sends a refresh token in JSON to a client that asks for it outside a browser', async () => {
    const { client } = await signedInClient();
    const body = { 'x-latchkey-transport': 'body' };
    const signedIn = await createTestClient(server.url).mutate(
      'auth.login',
      { identifier: `person${people}`, password: PASSWORD },
      body,
    );
    const { refreshToken } = signedIn.data as { refreshToken: string };
    expect(signedIn.headers.getSetCookie()).toEqual([]);
    const answer = await createTestClient(server.url).mutate('auth.refresh', { refreshToken }, body);
    expect(answer.data).toMatchObject({ session: { generation: 1 }, refreshToken: expect.any(String) });
    const fromPage = await client.mutate(
      'auth.refresh',
      { refreshToken },
      { ...body, 'sec-fetch-site': 'same-origin' },
    );
    expect(fromPage.error?.data.reason).toBe('CSRF_REJECTED');
  });
});

async function acknowledged(sessionId: string, generation: number) {
  await expect.poll(async () => (await sessionRecord(sessionId))?.acknowledged).toBe(generation);
}
