import { describe, expect, test } from 'vitest';
import { type Api, createApi, newPerson } from './support/api.js';
import { readEvents } from './support/serverSentEvents.js';
import { useTestServer } from './support/useTestServer.js';

const { server } = await useTestServer();

async function signedIn() {
  const api = createApi(server.url);
  await api.post('auth.register', newPerson());
  return api;
}

describe('notes', () => {
  test('are created, listed, updated and deleted by their owner', async () => {
    const api = await signedIn();
    const { data: created } = await api.post('notes.create', { text: 'first' });
    expect(created).toEqual({
      id: expect.any(String),
      text: 'first',
      createdAt: expect.any(String),
      updatedAt: created.createdAt,
    });
    expect((await api.get('notes.list')).data).toEqual([created]);
    const { data: updated } = await api.post('notes.update', { id: created.id, text: 'second' });
    expect(updated).toMatchObject({ id: created.id, text: 'second', createdAt: created.createdAt });
    expect((await api.post('notes.delete', { id: created.id })).data).toEqual({ ok: true });
    expect((await api.get('notes.list')).data).toEqual([]);
  });

  test('T12: are out of everybody else’s reach', async () => {
    const [owner, other] = [await signedIn(), await signedIn()];
    const { data: created } = await owner.post('notes.create', { text: 'mine' });
    expect((await other.get('notes.list')).data).toEqual([]);
    expect((await other.post('notes.update', { id: created.id, text: 'x' })).error).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await other.post('notes.delete', { id: created.id })).error).toMatchObject({ code: 'NOT_FOUND' });
    expect((await owner.get('notes.list')).data).toEqual([created]);
  });

  test.each(['notes.list', 'notes.onChange'])('%s needs an access token', async (path) => {
    const { text } = await createApi(server.url).get(path);
    expect(text).toContain('TOKEN_MISSING');
  });

  test.each([
    [{ text: '' }],
    [{ text: ' \n\t' }],
    [{ text: 'a'.repeat(2_001) }],
    [{ text: { $gt: '' } }],
    [{ text: ['a'] }],
    [{ text: 'a', userId: 'somebody-else' }],
    [{ text: 'a', id: '../../etc' }],
    [{}],
  ])('D1: refuses %j', async (input) => {
    const { status, error } = await (await signedIn()).post('notes.create', input);
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: 'BAD_REQUEST', reason: 'VALIDATION' });
  });
});

describe('notes.onChange', () => {
  test('ends with TOKEN_EXPIRED when the access token does, and resumes with a new one, nothing lost or twice', async () => {
    const api = await signedIn();
    await api.post('notes.create', { text: 'one' });
    await giveTokensOf(api, { lifeMs: 2_000 });
    const { events, first } = await openStream(api, '0');
    expect(JSON.parse(first.data)).toMatchObject({ type: 'created', note: { text: 'one' } });
    expect((await events.next()).value).toMatchObject({
      event: 'serialized-error',
      data: expect.stringContaining('TOKEN_EXPIRED'),
    });

    await giveTokensOf(api, { lifeMs: null });
    await api.post('auth.refresh');
    await api.post('notes.create', { text: 'two' });
    const resumed = await openStream(api, first.id);
    expect(JSON.parse(resumed.first.data)).toMatchObject({ note: { text: 'two' } });
    await resumed.events.return(undefined);
  });
});

/** Sets the life of the session's next access tokens. */
async function giveTokensOf({ cookie = '' }: Api, trouble: { lifeMs: number | null }) {
  const headers = { 'content-type': 'application/json', 'x-latchkey': '1', cookie };
  const init = { method: 'POST', headers, body: JSON.stringify(trouble) };
  expect((await fetch(`${server.url}/dev/inspector/troubles`, init)).status).toBe(200);
}

/** Refreshes until the stream has brought its first event before the access token ends. */
async function openStream(api: Api, lastEventId: string | undefined) {
  for (;;) {
    await api.post('auth.refresh');
    const events = readEvents(`${server.url}/trpc/notes.onChange`, {
      token: api.accessToken,
      lastEventId: lastEventId ?? '',
    });
    await events.next();
    const { value: first } = await events.next();
    if (first?.event === 'message') return { events, first };
  }
}
