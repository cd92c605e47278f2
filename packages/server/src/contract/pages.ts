import { z } from 'zod';
import { text } from './text.js';

/**
 * The input that all lists share. The first page has no cursor. tRPC's infinite queries send `direction`; the lists
 * here only go forward.
 */
export const pageInput = {
  cursor: text(64).nullish(),
  limit: z.number().int().min(1, 'At least 1.').max(100, 'At most 100.').optional(),
  direction: z.literal('forward').optional(),
};

/** One page of a list; `nextCursor` is null on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}
