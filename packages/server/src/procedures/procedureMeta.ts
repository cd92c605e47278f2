import { z } from 'zod';

/**
 * What a procedure tells of itself, as tRPC's `meta`, to those who serve and describe procedures beside tRPC.
 * The keys are flat and prefixed, because tRPC merges the metas of concatenated procedures key by key, the
 * host's own among them.
 */
const procedureMeta = z.object({
  /** Whether it runs only with an access token. */
  latchkeyAccessToken: z.boolean().optional(),
  /** Whether it reads or sets cookies, and so holds to the CSRF rule and knows the body transport. */
  latchkeyCookies: z.boolean().optional(),
  /** Whether it takes a refresh token, in the cookie or the body. */
  latchkeyRefreshToken: z.enum(['required', 'optional']).optional(),
  /** The last part of its plain HTTP path, where that is not made of its name. */
  latchkeyPathName: z.string().optional(),
});

/** What a procedure tells of itself. */
export type ProcedureMeta = z.infer<typeof procedureMeta>;

/** Checks a meta where it is written; tRPC itself takes any object. */
export const describing = (meta: ProcedureMeta): ProcedureMeta => meta;

/** What a procedure's meta tells; nothing where it is a host's alone. */
export function readProcedureMeta(meta: unknown): ProcedureMeta {
  return procedureMeta.parse(meta ?? {});
}
