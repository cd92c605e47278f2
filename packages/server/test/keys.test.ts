import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createLocalJWKSet, decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestClient, type TestClient } from './testClient.js';
import { openTestDatabase, type TestDatabase } from './testDatabase.js';
import { MINUTE, ORIGIN, startTestServer, testSecrets } from './testServer.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

function pem(key: KeyObject) {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const keys = {
  HS256: randomBytes(32).toString('base64url'),
  ES256: pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
  RS256: pem(generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey),
};
const ALGORITHMS = ['HS256', 'ES256', 'RS256'] as const;
const secrets = testSecrets();

function start(...ring: string[]) {
  return startTestServer(database.connection, { secrets, accessToken: { keys: ring } });
}

let people = 0;
async function register(url: string): Promise<TestClient> {
  people += 1;
  const client = createTestClient(url);
  await client.register(`keeper${people}`);
  return client;
}

describe('access tokens and other libraries', () => {
  it.each(ALGORITHMS)('T1, T4, T5: an independent library accepts tokens of %s', async (algorithm) => {
    await using server = await start(keys[algorithm]);
    const { accessToken = '' } = await register(server.url);
    const expected = {
      issuer: ORIGIN,
      audience: ORIGIN,
      typ: 'at+jwt',
      algorithms: [algorithm],
      requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'],
    };
    const jwks = server.auth.jwks();
    expect(jwks.keys).toHaveLength(algorithm === 'HS256' ? 0 : 1);
    const { payload } =
      algorithm === 'HS256'
        ? await jwtVerify(accessToken, Buffer.from(keys.HS256), expected)
        : await jwtVerify(accessToken, createLocalJWKSet({ keys: jwks.keys as JWK[] }), expected);
    expect(payload).toMatchObject({ client_id: 'latchkey', gen: 0, roles: [] });
  });

  it('K2: only public halves of keys are published, each bound to one algorithm', async () => {
    await using server = await start(keys.ES256, keys.RS256, keys.HS256);
    const published = server.auth.jwks().keys;
    expect(published.map(({ alg }) => alg)).toEqual(['ES256', 'RS256']);
    for (const jwk of published) {
      expect(Object.keys(jwk)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(d|p|q|dp|dq|qi|k)$/)]),
      );
    }
    const { accessToken = '' } = await register(server.url);
    const wrongAlgorithm = published.map((jwk) => ({ ...jwk, alg: 'PS256' }));
    await expect(
      jwtVerify(accessToken, createLocalJWKSet({ keys: wrongAlgorithm as JWK[] })),
    ).rejects.toThrow();
  });
});

describe('a key ring that is replaced', () => {
  it('K3: signs nobody out: old tokens stay valid, new ones use the new key, a retired key verifies nothing', async () => {
    const [oldKey, newKey] = [keys.HS256, keys.ES256];
    let client: TestClient;
    let oldKid: string | undefined;
    {
      await using before = await start(oldKey);
      client = await register(before.url);
      oldKid = decodeProtectedHeader(client.accessToken ?? '').kid;
      expect((await client.query('host.who')).status).toBe(200);
    }
    {
      await using during = await start(newKey, oldKey);
      client = client.copy(during.url);
      expect((await client.query('host.who')).status).toBe(200);
      const old = client.copy();
      during.clock.advance(MINUTE);
      expect((await client.refresh()).status).toBe(200);
      expect(decodeProtectedHeader(client.accessToken ?? '').kid).not.toBe(oldKid);
      expect((await client.query('host.who')).status).toBe(200);
      expect((await old.query('host.who')).status).toBe(200);
      client.accessToken = old.accessToken;
    }
    await using after = await start(newKey);
    client = client.copy(after.url);
    expect((await client.query('host.who')).error?.data.reason).toBe('TOKEN_INVALID');
    after.clock.advance(2 * MINUTE);
    expect((await client.refresh()).status).toBe(200);
    expect((await client.query('host.who')).status).toBe(200);
  });
});

describe('secrets', () => {
  it.each([
    ['access', { secrets: { ...secrets, access: ['too short'] } }],
    ['refresh', { secrets: { ...secrets, refresh: ['too short'] } }],
    ['pepper', { secrets: { ...secrets, pepper: 'too short' } }],
    ['no access key', { secrets: { ...secrets, access: [] } }],
    ['no refresh key', { secrets: { ...secrets, refresh: [] } }],
  ])('K1: stop the start when they are missing or weak, and are not shown: %s', async (_name, options) => {
    const failure = startTestServer(database.connection, options);
    await expect(failure).rejects.toThrow(/32 bytes|at least one/);
    await expect(failure).rejects.not.toThrow(/too short/);
  });

  it('K2: serve one purpose each: with the same value for all, no token passes for another', async () => {
    const [same] = secrets.refresh;
    if (same === undefined) throw new Error('There is no secret.');
    await using server = await startTestServer(database.connection, {
      secrets: { access: [same], refresh: [same], pepper: same },
    });
    const client = await register(server.url);
    const kid = decodeProtectedHeader(client.accessToken ?? '').kid;
    expect(client.jar).not.toContain(kid);
    const swapped = createTestClient(server.url);
    swapped.jar = client.accessToken;
    swapped.accessToken = client.jar;
    expect((await swapped.refresh()).error?.data.reason).toBe('REFRESH_INVALID');
    expect((await swapped.query('host.who')).error?.data.reason).toBe('TOKEN_INVALID');
  });

  it('K5: come only from a cryptographic source', () => {
    const root = new URL('../src/', import.meta.url);
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    expect(sources.length).toBeGreaterThan(20);
    for (const name of sources) {
      expect(readFileSync(new URL(name, root), 'utf8'), name).not.toMatch(/Math\.random|pseudoRandomBytes/);
    }
  });
});
