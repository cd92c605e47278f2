// @vitest-environment happy-dom
import type { Session, SessionSnapshot } from '@latchkey/client';
import {
  QueryClient,
  QueryClientProvider,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { type ReactNode, StrictMode, Suspense, startTransition, use, useLayoutEffect, useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { SessionProvider, SignedIn, useUser } from '../src/index.js';
import { createWorld, login } from './world.js';

afterEach(cleanup);

function renderIn(session: Session, children: ReactNode) {
  const queryClient = new QueryClient();
  render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <SessionProvider session={session} queryClient={queryClient}>
          <SignedIn>{children}</SignedIn>
        </SessionProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
  return queryClient;
}

function Name() {
  return <b>{useUser()?.username}</b>;
}

/** A list that shows what it adds before the server has answered, and takes it back if that fails. */
function OptimisticList({ answer }: { answer: Promise<void> }) {
  const queryClient = useQueryClient();
  const owner = useUser()?.username;
  const { data = [] } = useQuery<string[]>({ queryKey: ['list'], queryFn: async () => [`of ${owner}`] });
  const add = useMutation({
    mutationFn: () => answer,
    onMutate: () => {
      const before = queryClient.getQueryData<string[]>(['list']);
      queryClient.setQueryData<string[]>(['list'], (list = []) => [...list, 'new']);
      return { before };
    },
    onError: (_error, _input, result) => queryClient.setQueryData(['list'], result?.before),
  });
  return (
    <button type="button" onClick={() => add.mutate()}>
      {data.join(', ')}
    </button>
  );
}

test("keeps a late failure from putting a person's data back by undoing an optimistic update", async () => {
  const { session } = createWorld('ada');
  const { promise, reject } = createGate();
  const queryClient = renderIn(session, <OptimisticList answer={promise} />);
  const list = await screen.findByText('of ada');
  act(() => list.click());
  await screen.findByText('of ada, new');
  await login(session, 'bob');
  await screen.findByText('of bob');
  await act(async () => reject(new Error('Signed out')));
  expect(queryClient.getQueryData(['list'])).toEqual(['of bob']);
  expect(screen.getByText('of bob')).toBeDefined();
});

function createGate() {
  let reject = (_: Error) => {};
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  return { promise, reject };
}

function PatientSender({ send, tried }: { send: () => void; tried: () => void }) {
  const { mutate } = useMutation({
    mutationFn: async () => {
      send();
      throw new Error('no answer');
    },
    retry: () => true,
    retryDelay: () => {
      tried();
      return 1;
    },
  });
  return (
    <button type="button" onClick={() => mutate()}>
      send as <Name />
    </button>
  );
}

test('sends no retry of a mutation whose person has signed out', async () => {
  const { session } = createWorld('ada');
  const sentBy: (string | undefined)[] = [];
  let tried = () => {};
  const twoTries = () =>
    act(
      () =>
        new Promise<void>((resolve) => {
          let left = 2;
          tried = () => --left <= 0 && resolve();
        }),
    );
  renderIn(
    session,
    <PatientSender send={() => sentBy.push(session.getSnapshot().user?.username)} tried={() => tried()} />,
  );
  (await screen.findByText('ada')).click();
  await twoTries();
  await login(session, 'bob');
  await screen.findByText('bob');
  const sent = sentBy.length;
  expect(sent).toBeGreaterThan(1);
  await twoTries();
  expect(sentBy).toEqual(Array(sent).fill('ada'));
});

/** A session that shows one person, and another once `change` is called. */
function createSwitch(session: Session, [before, after]: readonly [SessionSnapshot, SessionSnapshot]) {
  const listeners = new Set<() => void>();
  let current = before;
  const listen = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const switching: Session = {
    ...session,
    getSnapshot: () => current,
    subscribe: listen,
    onIdentityChange: (listener) => listen(() => listener({ user: after.user, previous: before.user })),
  };
  const change = () => {
    if (current === after) return false;
    current = after;
    for (const listener of listeners) listener();
    return true;
  };
  return { switching, change };
}

/** Acts at the earliest moment after a render: the provider has not begun to listen yet. */
function SwitchesAtOnce({ change }: { change: () => boolean }) {
  const queryClient = useQueryClient();
  useLayoutEffect(() => {
    if (change()) queryClient.setQueryData(['secret'], 'of ada');
  }, [change, queryClient]);
  return null;
}

test('notices a person who signed out between the first render and the first effect', async () => {
  const [ada, bob] = await Promise.all([
    createWorld('ada').session.restore(),
    createWorld('bob').session.restore(),
  ]);
  const { switching, change } = createSwitch(createWorld().session, [ada, bob]);
  const queryClient = renderIn(
    switching,
    <>
      <SwitchesAtOnce change={change} />
      <Name />
    </>,
  );
  await screen.findByText('bob');
  expect(change()).toBe(false);
  expect(queryClient.getQueryData(['secret'])).toBeUndefined();
});

function Suspending({ until }: { until: Promise<never> }) {
  return use(until);
}

function NamesAroundATransition({ until }: { until: Promise<never> }) {
  const [isBegun, setBegun] = useState(false);
  return (
    <>
      <Name />
      <button type="button" onClick={() => startTransition(() => setBegun(true))}>
        :
      </button>
      {isBegun && <Suspending until={until} />}
      <Name />
    </>
  );
}

test('shows one person only, also in a transition that began for another', async () => {
  const { session } = createWorld('ada');
  const { promise } = createGate();
  renderIn(
    session,
    <Suspense fallback="loading">
      <NamesAroundATransition until={promise} />
    </Suspense>,
  );
  await screen.findAllByText('ada');
  const shown = [document.body.textContent];
  new MutationObserver(() => shown.push(document.body.textContent)).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
  });
  await act(async () => screen.getByRole('button').click());
  await login(session, 'bob');
  await screen.findAllByText('bob');
  expect([...new Set(shown)]).toEqual(['ada:ada', 'bob:bob']);
});
