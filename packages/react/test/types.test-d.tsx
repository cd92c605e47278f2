import type { EndReason, Session, User } from '@latchkey/client';
import { QueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { expectTypeOf, test } from 'vitest';
import {
  retryOutages,
  SessionProvider,
  type SessionState,
  SignedIn,
  useSession,
  useUser,
} from '../src/index.js';

declare const session: Session;

test('the status narrows the other fields', () => {
  const state = useSession();
  expectTypeOf(state).toEqualTypeOf<SessionState>();
  expectTypeOf(state.status).toEqualTypeOf<
    'restoring' | 'anonymous' | 'authenticated' | 'refreshing' | 'unreachable' | 'ended'
  >();
  expectTypeOf(state.user).toEqualTypeOf<User | null>();
  expectTypeOf(state.reason).toEqualTypeOf<EndReason | null>();
  expectTypeOf(state.login).toEqualTypeOf<Session['login']>();
  if (state.status === 'authenticated') expectTypeOf(state.user).toEqualTypeOf<User>();
  if (state.status === 'ended' || state.status === 'anonymous')
    expectTypeOf(state.user).toEqualTypeOf<null>();
  if (state.status === 'unreachable') expectTypeOf(state.error).toBeObject();
  // @ts-expect-error an outage alone has an error
  void state.error;
});

test('SignedIn passes the person to its children', () => {
  expectTypeOf(useUser()).toEqualTypeOf<User | null>();
  void (
    <SignedIn fallback="sign in">
      {(user) => {
        expectTypeOf(user).toEqualTypeOf<User>();
        return user.username;
      }}
    </SignedIn>
  );
  expectTypeOf(SignedIn).returns.toEqualTypeOf<ReactNode>();
});

test('accepts the QueryClient of TanStack Query, and fits its retry options', () => {
  const queryClient = new QueryClient({ defaultOptions: { queries: retryOutages, mutations: retryOutages } });
  void (<SessionProvider session={session} queryClient={queryClient} initialUser={null} />);
  // @ts-expect-error a session is needed
  void (<SessionProvider queryClient={queryClient} />);
  // @ts-expect-error this is no cache of queries
  void (<SessionProvider session={session} queryClient={new Map()} />);
});
