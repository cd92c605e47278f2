import { createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestClient } from './testClient.js';
import { openTestDatabase, type TestDatabase } from './testDatabase.js';
import { startTestServer, testSecrets } from './testServer.js';

function pem(key: KeyObject) {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 3072 });
const hmacSecret = randomBytes(32).toString('base64url');
const secrets = testSecrets();

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

let people = 0;
/** A server that signs with the first of these keys, and a person who has just signed in there. */
async function setUp(...keys: string[]) {
  const server = await startTestServer(database.connection, { secrets, accessToken: { keys } });
  people += 1;
  const client = createTestClient(server.url);
  const credentials = await client.register(`strict${people}`);
  const reasonFor = async (token: string, path = 'host.who') =>
    (await createTestClient(server.url).query(path, { authorization: `Bearer ${token}` })).error?.data.reason;
  const token = client.accessToken ?? '';
  return { server, client, credentials, token, reasonFor };
}

function encode(value: unknown) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part = ''): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}

/** The order n of P-256: with (r, s), (r, n − s) is a valid signature too. */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function twinOf(token: string): string {
  const [header, payload, signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const other = Buffer.from((P256_ORDER - s).toString(16).padStart(64, '0'), 'hex');
  return `${header}.${payload}.${Buffer.concat([bytes.subarray(0, 32), other]).toString('base64url')}`;
}

describe('access tokens over HTTP', () => {
  it('T8, S3: are revoked by session, so that the malleated twin of an ES256 token is refused too', async () => {
    const { server, client, token, reasonFor } = await setUp(pem(ec.privateKey));
    await using _ = server;
    const twin = twinOf(token);
    expect(twin).not.toBe(token);
    expect(await reasonFor(twin), 'the twin is a valid signature').toBeUndefined();
    await client.mutate('auth.logout');
    for (const path of ['host.who', 'host.strict']) {
      expect(await reasonFor(token, path)).toBe('SESSION_REVOKED');
      expect(await reasonFor(twin, path)).toBe('SESSION_REVOKED');
    }
  });

  it('T1: use each key for one algorithm only, whatever the header says', async () => {
    const { server, token, reasonFor } = await setUp(pem(rsa.privateKey), pem(ec.privateKey), hmacSecret);
    await using _ = server;
    const [header, payload] = token.split('.');
    const [rsaJwk, ecJwk] = server.auth.jwks().keys;
    const publicRsa = rsa.publicKey.export({ type: 'spki', format: 'pem' });
    const publicEc = ec.publicKey.export({ type: 'spki', format: 'pem' });
    const hmac = (key: string | Buffer) => (body: string) =>
      createHmac('sha256', key).update(body).digest('base64url');
    const rsaSign = (body: string) => sign('sha256', Buffer.from(body), rsa.privateKey).toString('base64url');
    const ecSign = (body: string) =>
      sign('sha256', Buffer.from(body), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }).toString(
        'base64url',
      );
    const forgeries: [string, unknown, (body: string) => string][] = [
      ['HS256', rsaJwk?.kid, hmac(publicRsa)],
      ['HS256', ecJwk?.kid, hmac(publicEc)],
      ['ES256', rsaJwk?.kid, ecSign],
      ['RS256', ecJwk?.kid, rsaSign],
      ['RS384', rsaJwk?.kid, rsaSign],
      ['PS256', rsaJwk?.kid, rsaSign],
      ['HS256', rsaJwk?.kid, hmac(hmacSecret)],
    ];
    for (const [alg, kid, signWith] of forgeries) {
      const body = `${encode({ ...decode(header), alg, kid })}.${payload}`;
      expect(await reasonFor(`${body}.${signWith(body)}`), `${alg} ${kid}`).toBe('TOKEN_INVALID');
    }
    const rightly = `${encode({ ...decode(header), alg: 'ES256', kid: ecJwk?.kid })}.${payload}`;
    expect(
      await reasonFor(`${rightly}.${ecSign(rightly)}`),
      'the forgeries fail because of their keys',
    ).toBeUndefined();
  });

  it('T2: make the server fetch no key that a header names', async () => {
    let fetched = 0;
    const listener = createServer((_req, res) => {
      fetched += 1;
      res.end(JSON.stringify({ keys: [rsa.publicKey.export({ format: 'jwk' })] }));
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/keys`;
    const { server, token, reasonFor } = await setUp(hmacSecret);
    await using _ = server;
    const [header, payload] = token.split('.');
    const jwk = rsa.publicKey.export({ format: 'jwk' });
    const x5c = [rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')];
    for (const named of [
      { jku: url },
      { x5u: url },
      { jwk },
      { x5c },
      { kid: url },
      { kid: '../../key.pem' },
    ]) {
      const body = `${encode({ ...decode(header), alg: 'RS256', ...named })}.${payload}`;
      const signature = sign('sha256', Buffer.from(body), rsa.privateKey).toString('base64url');
      expect(await reasonFor(`${body}.${signature}`), JSON.stringify(named)).toBe('TOKEN_INVALID');
    }
    expect(fetched).toBe(0);
    await new Promise((resolve) => listener.close(resolve));
  });

  it('T5, T7: identify a person by an id that is neither username nor address, and contain nothing else personal', async () => {
    const { server, token, credentials } = await setUp(hmacSecret);
    await using _ = server;
    const payload = decode(token.split('.')[1]);
    expect(payload.sub).toBe(credentials.user.id);
    expect(payload.sub).toMatch(/^[\w-]{24}$/);
    expect(JSON.stringify(payload)).not.toMatch(/strict\d|example\.com|password/);
  });

  it('T9: in a malformed header are an invalid request', async () => {
    const { server } = await setUp(hmacSecret);
    await using _ = server;
    for (const authorization of ['Bearer', 'Bearer a b', 'Bearer "quoted"']) {
      const answer = await createTestClient(server.url).query('host.who', { authorization });
      expect(answer).toMatchObject({ status: 400, error: { data: { reason: 'VALIDATION' } } });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="latchkey", error="invalid_request"');
    }
  });

  it('T10: are not read from the query, a cookie or the body', async () => {
    const { server, token } = await setUp(hmacSecret);
    await using _ = server;
    const stranger = createTestClient(server.url);
    const cookie = `__Host-latchkey-access=${token}; access_token=${token}`;
    expect((await stranger.query(`host.who?access_token=${token}`)).error?.data.reason).toBe('TOKEN_MISSING');
    expect((await stranger.query('host.who', { cookie })).error?.data.reason).toBe('TOKEN_MISSING');
    const written = await stranger.mutate('host.write', { text: 'x', access_token: token });
    expect(written.error?.data.reason).toBe('TOKEN_MISSING');
    const basic = await stranger.query('host.who', { authorization: `Basic ${token}` });
    expect(basic.error?.data.reason).toBe('TOKEN_MISSING');
  });

  it('T11: are refused in an Authorization header of 100 kB and in an empty one, and the server goes on', async () => {
    const { server, client } = await setUp(hmacSecret);
    await using _ = server;
    const huge = { authorization: `Bearer ${'x'.repeat(100_000)}` };
    const response = await createTestClient(server.url).send('host.who', { headers: huge });
    await response.text();
    expect(response.status).toBe(431);
    const empty = await createTestClient(server.url).query('host.who', { authorization: '' });
    expect(empty.error?.data.reason).toBe('TOKEN_MISSING');
    expect((await client.query('host.who')).status).toBe(200);
  });
});
