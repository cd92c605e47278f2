import { z } from 'zod';

/** The answer of a procedure that has nothing to tell. */
export const okSchema = z.strictObject({ ok: z.literal(true) });

/** The one value of {@link okSchema}. */
export const OK = { ok: true } as const;

/** The input of a procedure that takes none. */
export const noInput = z.strictObject({}).optional();

/** The answer of a procedure that ends sessions: how many of them were live. */
export const revokedSchema = z.strictObject({ revoked: z.number().int() });

/** How many items a list answers where the caller does not say. */
export const PAGE_SIZE = 50;
