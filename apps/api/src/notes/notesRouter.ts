import type { Auth } from '@latchkey/server';
import { TRPCError, type TrackedEnvelope, tracked } from '@trpc/server';
import { z } from 'zod';
import type { Trpc } from '../trpc.js';
import { type NoteEvent, note, noteId, noteText } from './note.js';
import type { NoteFeed } from './noteFeed.js';
import type { Notes } from './notes.js';

export interface NotesRouterParts {
  t: Trpc;
  auth: Pick<Auth, 'protectedProcedure' | 'streamSignal'>;
  notes: Notes;
  feed: NoteFeed;
  /** Aborts when the process begins to shut down. */
  stopping: AbortSignal;
}

const noInput = z.strictObject({}).optional();
/** The id of the last event that the listener received. */
const resumeFrom = z
  .strictObject({
    lastEventId: z
      .string()
      .regex(/^\d{1,15}$/)
      .nullish(),
  })
  .optional();
const noteEvents = z.custom<AsyncIterable<TrackedEnvelope<NoteEvent>>>(isAsyncIterable);

/** Creates the demo's procedures: each person's notes, and a stream of changes to them. */
export function createNotesRouter({ t, auth, notes, feed, stopping }: NotesRouterParts) {
  const protectedProcedure = t.procedure.concat(auth.protectedProcedure);

  return t.router({
    list: protectedProcedure
      .input(noInput)
      .output(z.array(note))
      .query(({ ctx }) => notes.list(ctx.session.userId)),

    create: protectedProcedure
      .input(z.strictObject({ text: noteText, id: noteId.optional() }))
      .output(note)
      .mutation(async ({ ctx, input }) => {
        const created = await notes.create(ctx.session.userId, input);
        if (!created)
          throw new TRPCError({ code: 'CONFLICT', message: 'Another note has this id. Choose a new one.' });
        return created;
      }),

    update: protectedProcedure
      .input(z.strictObject({ id: noteId, text: noteText }))
      .output(note)
      .mutation(async ({ ctx, input }) => found(await notes.update(ctx.session.userId, input))),

    delete: protectedProcedure
      .input(z.strictObject({ id: noteId }))
      .output(z.strictObject({ ok: z.literal(true) }))
      .mutation(async ({ ctx, input }) => {
        found(await notes.remove(ctx.session.userId, input));
        return { ok: true as const };
      }),

    onChange: protectedProcedure
      .input(resumeFrom)
      .output(noteEvents)
      .subscription(async function* ({ ctx, input, signal: request }) {
        const ended = auth.streamSignal(ctx.session, request);
        const signal = AbortSignal.any([ended, stopping]);
        const after = input?.lastEventId ? Number(input.lastEventId) : undefined;
        for await (const { position, event } of feed.listen(ctx.session.userId, { after, signal })) {
          yield tracked(String(position), event);
        }
        // An end without an error would tell the client that the stream is complete.
        if (request?.aborted) return;
        if (ended.aborted) throw ended.reason;
        throw new TRPCError({ code: 'SERVICE_UNAVAILABLE', message: 'The server is restarting.' });
      }),
  });
}

function found<T>(result: T | undefined): T {
  if (result === undefined) throw new TRPCError({ code: 'NOT_FOUND', message: 'There is no such note.' });
  return result;
}

function isAsyncIterable(value: unknown) {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
