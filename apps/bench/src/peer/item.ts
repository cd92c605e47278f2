import { z } from 'zod';

/** The input of the query that every peer serves. */
export const itemInput = z.strictObject({ id: z.string().max(40) });

/** The query that every peer serves. It is small, so that the cost of its guard shows. */
export function readItem({ id }: z.infer<typeof itemInput>) {
  return { id, title: 'Water the plants', done: false, tags: ['home', 'weekly'] };
}
