import { z } from 'zod';

/** How much text a note may hold, in UTF-16 code units. */
const MAX_TEXT = 2_000;

/** A note as clients see it. */
export const note = z.strictObject({
  id: z.string(),
  text: z.string(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  /** ISO 8601, UTC. */
  updatedAt: z.string(),
});

/** A note as clients see it. */
export type Note = z.infer<typeof note>;

/** A note's id: the server's, or one that the client made so that it can send a creation again. */
export const noteId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);

/** A note's text: kept as given, but well-formed and not blank. */
export const noteText = z
  .string()
  .max(MAX_TEXT)
  .refine((text) => text.trim() !== '', { error: 'must not be blank' })
  .refine((text) => !/\0|\p{Surrogate}/u.test(text), { error: 'must be well-formed text' });

/** What happened to a note; of a deleted one `note` is what it was. */
export const noteEvent = z.strictObject({ type: z.enum(['created', 'updated', 'deleted']), note });

/** What happened to a note. */
export type NoteEvent = z.infer<typeof noteEvent>;
