import { z } from 'zod';

/** In UTF-16 code units. */
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

export type Note = z.infer<typeof note>;

/** A client may choose the id, so that it can repeat a creation. */
export const noteId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);

/** Kept as sent. Must be well-formed and not blank. */
export const noteText = z
  .string()
  .max(MAX_TEXT)
  .refine((text) => text.trim() !== '', { error: 'must not be blank' })
  .refine((text) => !/\0|\p{Surrogate}/u.test(text), { error: 'must be well-formed text' });

/** A change to a note. `note` is the state after it, or the last state of a deleted note. */
export const noteEvent = z.strictObject({ type: z.enum(['created', 'updated', 'deleted']), note });

export type NoteEvent = z.infer<typeof noteEvent>;
