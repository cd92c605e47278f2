import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { expectTypeOf, test } from 'vitest';
import type { Note, NoteEvent } from '../src/notes/note.js';
import type { AppRouter } from '../src/router.js';

type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;

test('the router’s type tells clients exactly what procedures take and answer', () => {
  expectTypeOf<Inputs['notes']['create']>().toEqualTypeOf<{ text: string; id?: string | undefined }>();
  expectTypeOf<Outputs['notes']['list']>().toEqualTypeOf<Note[]>();
  expectTypeOf<Outputs['notes']['delete']>().toEqualTypeOf<{ ok: true }>();
  expectTypeOf<Outputs['auth']['login']['accessToken']>().toEqualTypeOf<string>();
  expectTypeOf<Outputs['auth']['me']['roles']>().toEqualTypeOf<string[]>();
});

test('a subscriber gets events with their ids', () => {
  type Yielded<T> = T extends AsyncIterable<infer U> ? U : never;
  type Sent = Yielded<Outputs['notes']['onChange']>;
  expectTypeOf<Sent>().toEqualTypeOf<{ id: string; data: NoteEvent }>();
});
