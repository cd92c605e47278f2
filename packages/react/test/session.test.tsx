// @vitest-environment happy-dom
import type { Session } from '@latchkey/client';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { StrictMode, useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { SessionProvider, SignedIn, useSession, useUser } from '../src/index.js';
import { createWorld, login } from './world.js';

function Status() {
  const { status, user, reason } = useSession();
  return <p>{[status, user?.username, reason].filter(Boolean).join(' ')}</p>;
}

function Name() {
  return <p>{useUser()?.username}</p>;
}

function Secret({ shown, session }: { shown: string[]; session: Session }) {
  const owner = useUser()?.username ?? 'nobody';
  const [draft] = useState(`draft of ${owner}`);
  const { data } = useQuery({
    queryKey: ['secret'],
    queryFn: async () => `secret of ${session.getSnapshot().user?.username}`,
  });
  shown.push(`${owner}: ${draft}, ${data ?? 'loading'}`);
  return <p>{data}</p>;
}

function Lost() {
  return <p>{useSession().status}</p>;
}

afterEach(cleanup);

test('shows the state of the session as it changes', async () => {
  const { session } = createWorld();
  render(
    <SessionProvider session={session}>
      <Status />
    </SessionProvider>,
  );
  expect(screen.getByText('restoring')).toBeDefined();
  await screen.findByText('anonymous');
  await login(session, 'ada');
  expect(screen.getByText('authenticated ada')).toBeDefined();
  await act(() => session.logout());
  expect(screen.getByText('ended SIGNED_OUT')).toBeDefined();
});

test('restores once under a double mount', async () => {
  const { session, state } = createWorld('ada');
  render(
    <StrictMode>
      <SessionProvider session={session}>
        <Name />
      </SessionProvider>
    </StrictMode>,
  );
  await screen.findByText('ada');
  expect(state.calls).toEqual(['refresh']);
});

test("never shows one person's queries to another, in any component", async () => {
  const { session } = createWorld('ada');
  const queryClient = new QueryClient();
  const shown: string[] = [];
  render(
    <QueryClientProvider client={queryClient}>
      <SessionProvider session={session} queryClient={queryClient}>
        <SignedIn>
          <Secret shown={shown} session={session} />
        </SignedIn>
      </SessionProvider>
    </QueryClientProvider>,
  );
  await screen.findByText('secret of ada');
  await login(session, 'bob');
  await screen.findByText('secret of bob');
  for (const line of shown) expect(line).toMatch(/^(\w+): draft of \1, (secret of \1|loading)$/);
  expect(shown.at(-1)).toBe('bob: draft of bob, secret of bob');
  await act(() => session.logout());
  expect(queryClient.getQueryCache().getAll()).toEqual([]);
});

test('shows an outage at the start as an outage, not as signed out', async () => {
  const { session, state } = createWorld('ada');
  state.down = true;
  render(
    <SessionProvider session={session}>
      <SignedIn fallback="sign in" pending="one moment">
        welcome
      </SignedIn>
    </SessionProvider>,
  );
  await act(() => session.restore());
  expect(session.getSnapshot().status).toBe('unreachable');
  expect(screen.getByText('one moment')).toBeDefined();
  state.down = false;
  await act(async () => {
    window.dispatchEvent(new Event('online'));
  });
  await screen.findByText('welcome');
});

test('refuses to work without a provider', () => {
  expect(() => render(<Lost />)).toThrow('SessionProvider');
});
