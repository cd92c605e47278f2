import type * as server from '@latchkey/server/contract';
import { expectTypeOf, test } from 'vitest';
import type * as client from '../src/index.js';

test('declares what the server sends as the server does', () => {
  expectTypeOf<server.Credentials>().toExtend<client.Credentials>();
  expectTypeOf<keyof client.User>().toEqualTypeOf<keyof server.User>();
  expectTypeOf<keyof server.Credentials>().toEqualTypeOf<keyof client.Credentials | 'refreshToken'>();
  expectTypeOf<client.AuthReason>().toEqualTypeOf<server.AuthReason>();
});

test('declares what the server takes as the server does', () => {
  expectTypeOf<client.LoginInput>().toExtend<server.LoginInput>();
  expectTypeOf<client.RegisterInput>().toExtend<server.RegisterInput>();
  expectTypeOf<keyof client.LoginInput>().toEqualTypeOf<keyof server.LoginInput>();
  expectTypeOf<keyof client.RegisterInput>().toEqualTypeOf<keyof server.RegisterInput>();
});
