import { z } from 'zod';

/** The answer of a procedure that has nothing to tell. */
export const okSchema = z.strictObject({ ok: z.literal(true) });

/** The input of a procedure that takes none. */
export const noInput = z.strictObject({}).optional();
