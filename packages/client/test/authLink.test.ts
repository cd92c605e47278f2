import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';
import { expect, test, vi } from 'vitest';
import { AuthError, authLink } from '../src/index.js';
import type { TestRouter } from './authServer.js';
import { createGate, setUp, until } from './setup.js';

function data(error: unknown) {
  return error instanceof TRPCClientError ? error.data : error;
}

function settled<T>(promise: Promise<T>) {
  return promise.then((value) => value, data);
}

test('sends the failed operations of a batch again as one batch, after one refresh', async () => {
  await using world = await setUp();
  const { trpc, session } = await world.browser.signIn();
  world.faults.endTokens();
  const answers = await Promise.all([
    trpc.ping.query(),
    ...Array.from({ length: 8 }, (_, index) => trpc.echo.query(String(index))),
  ]);
  expect(answers).toEqual(['pong', '0', '1', '2', '3', '4', '5', '6', '7']);
  expect(world.faults.requests.map(({ path }) => path.split(',').length)).toEqual([1, 9, 1, 8]);
  expect(world.faults.count('auth.refresh')).toBe(1);
  expect(session.getSnapshot().status).toBe('authenticated');
});

test('refreshes once for calls whose token has ended', async () => {
  await using world = await setUp();
  const { trpc } = await world.browser.signIn();
  world.faults.next('auth.refresh', 'lose the request');
  world.clock.advance(61_000);
  await until(() => expect(world.faults.count('auth.refresh')).toBe(1));
  world.clock.advance(60_000);
  const answers = await Promise.all(['a', 'b', 'c'].map((value) => trpc.echo.query(value)));
  expect(answers).toEqual(['a', 'b', 'c']);
  expect(world.faults.count('auth.refresh')).toBe(2);
  expect(world.faults.requests.filter(({ path }) => path === 'echo,echo,echo').length).toBe(1);
});

test('answers a late refusal of a replaced token with the newer one, without a refresh', async () => {
  await using world = await setUp();
  const { trpc, session } = await world.browser.signIn();
  const gate = createGate();
  world.faults.next('echo', { wait: gate.opened });
  const late = trpc.echo.query('late');
  await until(() => expect(world.faults.count('echo')).toBe(1));
  world.faults.endTokens();
  await session.refresh();
  gate.open();
  expect(await late).toBe('late');
  expect(world.faults.count('auth.refresh')).toBe(1);
});

test('passes the error on after one retry when the refreshed token is refused as well', async () => {
  await using world = await setUp();
  const { trpc } = await world.browser.signIn();
  const refusal = JSON.stringify([
    { error: { code: -32001, message: 'no', data: { code: 'UNAUTHORIZED', reason: 'TOKEN_INVALID' } } },
  ]);
  const step = { status: 401, body: refusal, headers: { 'content-type': 'application/json' } };
  world.faults.next('echo', step, step, step);
  expect(await settled(trpc.echo.query('never'))).toMatchObject({ reason: 'TOKEN_INVALID' });
  expect(world.faults.count('echo')).toBe(2);
  expect(world.faults.count('auth.refresh')).toBe(1);
});

test('refreshes by a separate plain request, outside every batch', async () => {
  await using world = await setUp();
  const { trpc } = await world.browser.signIn();
  world.faults.endTokens();
  await trpc.echo.query('x');
  const refresh = world.faults.requests.find(({ path }) => path === 'auth.refresh');
  expect(refresh?.headers).toMatchObject({ 'content-type': 'application/json', 'x-latchkey': '1' });
  expect(refresh?.headers['x-latchkey-episode']).toMatch(/^[\w-]{8,64}$/);
  expect(refresh?.headers.authorization).toBeUndefined();
});

test('rejects every waiting call once, with the reason, when the session is over', async () => {
  await using world = await setUp();
  const { trpc, session } = await world.browser.signIn();
  const onEnded = vi.fn();
  session.onEnded(onEnded);
  world.server.endSession('s0', 'SESSION_EXPIRED');
  const outcomes = await Promise.all(['a', 'b', 'c'].map((value) => settled(trpc.echo.query(value))));
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ code: 'UNAUTHORIZED', reason: 'SESSION_EXPIRED' });
  expect(world.faults.count('auth.refresh')).toBe(1);
  expect(onEnded.mock.calls).toEqual([['SESSION_EXPIRED']]);
  expect(session.getSnapshot()).toEqual({ status: 'ended', user: null, reason: 'SESSION_EXPIRED' });
  await settled(trpc.echo.query('d'));
  expect(world.faults.count('auth.refresh')).toBe(1);
});

test('sends one refused operation of a mixed batch again and leaves the others undisturbed', async () => {
  await using world = await setUp();
  const { trpc } = await world.browser.signIn();
  world.faults.endTokens();
  const [note, ping] = await Promise.all([trpc.echo.query('mine'), trpc.ping.query()]);
  expect([note, ping]).toEqual(['mine', 'pong']);
  expect(world.faults.requests.map(({ path }) => path)).toEqual([
    'auth.login',
    'echo,ping',
    'auth.refresh',
    'echo',
  ]);
});

test('runs a mutation once when its token was refused', async () => {
  await using world = await setUp();
  const { trpc } = await world.browser.signIn();
  world.faults.endTokens();
  await Promise.all(['a', 'b'].map((text) => trpc.addNote.mutate(text)));
  expect(world.server.notes).toEqual(['a', 'b']);
});

test('makes no call wait while the token is valid, and a public call never', async () => {
  await using world = await setUp();
  const { trpc, session } = await world.browser.signIn('ada', { timeout: 1e6 });
  const gate = createGate();
  world.faults.next('auth.refresh', { wait: gate.opened });
  const refreshed = session.refresh();
  expect(session.getSnapshot().status).toBe('refreshing');
  expect(await trpc.echo.query('meanwhile')).toBe('meanwhile');
  world.clock.advance(61_000);
  expect(await trpc.ping.query(undefined, { context: { skipAuth: true } })).toBe('pong');
  const waiting = trpc.echo.query('waiting');
  gate.open();
  await refreshed;
  expect(await waiting).toBe('waiting');
});

test('settles an aborted call at once and never sends it', async () => {
  await using world = await setUp();
  const { trpc, session } = await world.browser.signIn('ada', { timeout: 1e6 });
  const gate = createGate();
  world.faults.next('auth.refresh', { wait: gate.opened });
  const refreshed = session.refresh();
  world.clock.advance(61_000);
  const controller = new AbortController();
  const call = trpc.addNote.mutate('unwanted', { signal: controller.signal });
  controller.abort();
  await expect(call).rejects.toMatchObject({ cause: { name: 'AbortError' } });
  gate.open();
  await refreshed;
  expect(await trpc.echo.query('after')).toBe('after');
  expect(world.server.notes).toEqual([]);
});

test('refreshes once and signs nobody out when the signing key was replaced', async () => {
  await using world = await setUp();
  const { trpc, statuses } = await world.browser.signIn();
  world.faults.endTokens();
  expect(await trpc.whoAmI.query()).toBe('ada');
  expect(await trpc.whoAmI.query()).toBe('ada');
  expect(world.faults.count('auth.refresh')).toBe(1);
  expect(statuses).not.toContain('ended');
});

test("passes a resolver's own UNAUTHORIZED through, without refresh or retry", async () => {
  await using world = await setUp();
  const { trpc } = await world.browser.signIn();
  await expect(trpc.refusing.query()).rejects.toThrow('the resolver says no');
  expect(await settled(trpc.stepUp.query())).toMatchObject({ reason: 'STEP_UP_REQUIRED' });
  expect(world.faults.requests.map(({ path }) => path)).toEqual(['auth.login', 'refusing', 'stepUp']);
});

test('sends calls as they are when nobody is signed in', async () => {
  await using world = await setUp();
  const { trpc, session } = world.browser.openTab();
  expect(await trpc.ping.query()).toBe('pong');
  expect(await settled(trpc.whoAmI.query())).toMatchObject({ reason: 'TOKEN_MISSING' });
  expect(session.getSnapshot().status).toBe('anonymous');
  expect(world.faults.count('auth.refresh')).toBe(1);
});

test("never sends or answers one person's call under another's name", async () => {
  await using world = await setUp();
  const { trpc, session } = await world.browser.signIn('ada', { waitWhenUnreachable: true });
  const gate = createGate();
  world.faults.next('whoAmI', { wait: gate.opened });
  const answer = settled(trpc.whoAmI.query());
  await until(() => expect(world.faults.count('whoAmI')).toBe(1));
  world.faults.next('auth.refresh', 'lose the request');
  world.faults.endTokens();
  const unsent = settled(trpc.addNote.mutate("ada's"));
  await until(() => expect(session.getSnapshot().status).toBe('unreachable'));
  await session.login({ identifier: 'bob', password: 'right' });
  gate.open();
  expect(await answer).toMatchObject({ code: 'UNAUTHORIZED' });
  expect(await unsent).toMatchObject({ code: 'UNAUTHORIZED' });
  expect(world.server.notes).toEqual([]);
  expect(await trpc.whoAmI.query()).toBe('bob');
});

test('distinguishes a refused sign-in from an unanswered one', async () => {
  await using world = await setUp();
  const { session } = world.browser.openTab();
  const refused = await session.login({ identifier: 'ada', password: 'wrong' }).catch((error) => error);
  expect(refused).toBeInstanceOf(AuthError);
  expect(refused.data).toMatchObject({
    reason: 'INVALID_CREDENTIALS',
    fields: { password: ['Wrong password'] },
  });
  world.faults.next('auth.login', 'lose the request');
  const unanswered = await session.login({ identifier: 'ada', password: 'right' }).catch((error) => error);
  expect(unanswered).toBeInstanceOf(AuthError);
  expect(unanswered.data).toBeUndefined();
});

test('sends single requests again as well, also where the host adds its own headers', async () => {
  await using world = await setUp();
  const { session } = await world.browser.signIn();
  const trpc = createTRPCClient<TestRouter>({
    links: [
      authLink(session),
      httpLink({
        url: world.server.url,
        fetch: world.faults.fetch,
        headers: () => ({ ...session.headers(), 'x-host': 'yes' }),
      }),
    ],
  });
  world.faults.endTokens();
  expect(await Promise.all([trpc.whoAmI.query(), trpc.echo.query('b')])).toEqual(['ada', 'b']);
  expect(world.faults.count('auth.refresh')).toBe(1);
  expect(world.faults.requests.at(-1)?.headers).toMatchObject({ 'x-host': 'yes', 'x-latchkey': '1' });
});
