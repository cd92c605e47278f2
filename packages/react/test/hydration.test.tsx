// @vitest-environment happy-dom
import type { User } from '@latchkey/client';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { act, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { expect, onTestFinished, test } from 'vitest';
import { SessionProvider, SignedIn } from '../src/index.js';
import { createWorld, credentialsOf, login } from './world.js';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const { user: ada } = credentialsOf('ada');

function Page() {
  return (
    <SignedIn fallback="sign in" pending="one moment">
      {({ username }) => <Greeting username={username} />}
    </SignedIn>
  );
}

function Greeting({ username }: { username: string }) {
  const { data } = useQuery({ queryKey: ['greeting'], queryFn: async () => `welcome ${username}` });
  return <p>{data ?? username}</p>;
}

/** Renders the page as a server does, and hydrates it over the given session; notes every text that was shown. */
async function visit(world: ReturnType<typeof createWorld>, initialUser: User | null | undefined) {
  const page = (queryClient: QueryClient): ReactNode => (
    <QueryClientProvider client={queryClient}>
      <SessionProvider session={world.session} queryClient={queryClient} initialUser={initialUser}>
        <Page />
      </SessionProvider>
    </QueryClientProvider>
  );
  const root = document.createElement('div');
  document.body.append(root);
  root.innerHTML = renderToString(page(new QueryClient()));
  const shown = [root.textContent];
  new MutationObserver(() => shown.push(root.textContent)).observe(root, {
    subtree: true,
    childList: true,
    characterData: true,
  });
  const queryClient = new QueryClient();
  const errors: unknown[] = [];
  const hydrated = await act(async () =>
    hydrateRoot(root, page(queryClient), { onRecoverableError: (error) => errors.push(error) }),
  );
  onTestFinished(() => act(() => hydrated.unmount()));
  await act(() => world.session.restore());
  return { shown: [...new Set(shown)], errors, root, queryClient };
}

test('shows the person the server rendered for until the session knows', async () => {
  const world = createWorld('ada');
  const { shown, errors } = await visit(world, ada);
  expect(errors).toEqual([]);
  expect(shown).toEqual(['ada', 'welcome ada']);
  expect(world.session.getSnapshot().status).toBe('authenticated');
});

test('hydrates to what the server rendered, even if the session was faster', async () => {
  const world = createWorld('ada');
  await world.session.restore();
  const { shown, errors, root } = await visit(world, undefined);
  expect(errors).toEqual([]);
  expect(shown[0]).toBe('one moment');
  expect(shown).not.toContain('sign in');
  await waitFor(() => expect(root.textContent).toBe('welcome ada'));
});

test('shows the sign-in page at once where the server knew that nobody is signed in', async () => {
  const world = createWorld();
  const { shown, errors } = await visit(world, null);
  expect(errors).toEqual([]);
  expect(shown).toEqual(['sign in']);
});

test('shows the person the server rendered for during an outage', async () => {
  const world = createWorld('ada');
  world.state.down = true;
  const { shown } = await visit(world, ada);
  expect(world.session.getSnapshot().status).toBe('unreachable');
  expect(shown).toEqual(['ada', 'welcome ada']);
});

test('forgets the person the server rendered for if another or nobody is signed in', async () => {
  for (const holder of [undefined, 'bob']) {
    const { shown, root, queryClient } = await visit(createWorld(holder), ada);
    expect(shown[0]).toBe('ada');
    await waitFor(() => expect(root.textContent).toBe(holder ? 'welcome bob' : 'sign in'));
    const kept = queryClient.getQueryCache().getAll();
    expect(kept.map(({ state }) => state.data)).toEqual(holder ? ['welcome bob'] : []);
  }
});

test('shows nothing of the person the server rendered for once another signed in', async () => {
  const world = createWorld();
  const { root } = await visit(world, ada);
  await login(world.session, 'bob');
  await waitFor(() => expect(root.textContent).toBe('welcome bob'));
});
