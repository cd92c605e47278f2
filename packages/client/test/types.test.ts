import type { Auth } from '@latchkey/server';
import type * as contract from '@latchkey/server/contract';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { expectTypeOf, test } from 'vitest';
import type * as client from '../src/index.js';

type Inputs = inferRouterInputs<Auth['router']>;
type Outputs = inferRouterOutputs<Auth['router']>;
type Snapshot = client.SessionSnapshot;
type WithStatus<T extends Snapshot['status']> = Extract<Snapshot, { readonly status: T }>;

test('declares the same answers as the router of the server', () => {
  expectTypeOf<Outputs['login']>().toExtend<client.Credentials>();
  expectTypeOf<Outputs['register']>().toExtend<client.Credentials>();
  expectTypeOf<Outputs['refresh']>().toExtend<client.Credentials>();
  expectTypeOf<Outputs['password']['change']>().toExtend<client.Credentials>();
  expectTypeOf<Outputs['me']>().toExtend<client.User>();
  expectTypeOf<keyof client.User>().toEqualTypeOf<keyof Outputs['me']>();
  expectTypeOf<keyof Outputs['login']>().toEqualTypeOf<keyof client.Credentials | 'refreshToken'>();
  expectTypeOf<client.AuthReason>().toEqualTypeOf<contract.AuthReason>();
});

test('declares the same inputs as the router of the server', () => {
  type Taken<T extends 'login' | 'register'> = Parameters<client.Session[T]>[0];
  expectTypeOf<Taken<'login'>>().toExtend<Inputs['login']>();
  expectTypeOf<keyof Taken<'login'>>().toEqualTypeOf<keyof Inputs['login']>();
  expectTypeOf<Taken<'register'>>().toExtend<Inputs['register']>();
  expectTypeOf<keyof Taken<'register'>>().toEqualTypeOf<keyof Inputs['register']>();
  type Changed = Parameters<typeof client.changePassword>[1];
  expectTypeOf<Changed>().toExtend<Inputs['password']['change']>();
  expectTypeOf<keyof Changed>().toEqualTypeOf<keyof Inputs['password']['change']>();
});

test('narrows a snapshot by its status', () => {
  expectTypeOf<Snapshot['status']>().toEqualTypeOf<
    'restoring' | 'anonymous' | 'authenticated' | 'refreshing' | 'unreachable' | 'ended'
  >();
  expectTypeOf<WithStatus<'restoring' | 'anonymous' | 'ended'>['user']>().toEqualTypeOf<null>();
  expectTypeOf<WithStatus<'authenticated' | 'refreshing'>['user']>().toEqualTypeOf<client.User>();
  expectTypeOf<WithStatus<'authenticated' | 'refreshing'>['expiresAt']>().toEqualTypeOf<string>();
  expectTypeOf<WithStatus<'unreachable'>['user']>().toEqualTypeOf<client.User | null>();
  expectTypeOf<WithStatus<'unreachable'>['error']>().toEqualTypeOf<client.AuthError>();
  expectTypeOf<WithStatus<'ended'>['reason']>().toEqualTypeOf<client.EndReason>();
});

test('narrows a destructured snapshot by its status', () => {
  const describe = ({ getSnapshot }: client.Session) => {
    const { status, user, reason, expiresAt, error } = getSnapshot();
    if (status === 'ended') expectTypeOf(reason).toEqualTypeOf<client.EndReason>();
    if (status === 'authenticated') {
      expectTypeOf(user).toEqualTypeOf<client.User>();
      expectTypeOf(expiresAt).toEqualTypeOf<string>();
      expectTypeOf(reason).toEqualTypeOf<null | undefined>();
    }
    if (status === 'unreachable') expectTypeOf(error).toEqualTypeOf<client.AuthError>();
    // @ts-expect-error nobody may be signed in
    return user.username;
  };
  expectTypeOf(describe).parameter(0).toEqualTypeOf<client.Session>();
});

test('types events by what they report', () => {
  expectTypeOf<client.Session['onEnded']>().parameter(0).parameter(0).toEqualTypeOf<client.EndReason>();
  expectTypeOf<client.Session['onIdentityChange']>()
    .parameter(0)
    .parameter(0)
    .toEqualTypeOf<{ readonly user: client.User | null; readonly previous: client.User | null }>();
  expectTypeOf<client.Session['subscribe']>().returns.toEqualTypeOf<() => void>();
});
