import { z } from 'zod';

/**
 * Facts about a procedure in tRPC's `meta`, for code that serves or describes procedures beside tRPC. The keys are flat
 * and prefixed, because tRPC merges the metas of concatenated procedures, the host's included, key by key.
 */
const procedureMeta = z.object({
  /** Whether it runs only with an access token. */
  latchkeyAccessToken: z.boolean().optional(),
  /** Whether it reads or sets cookies; then the CSRF rule applies and the body transport is available. */
  latchkeyCookies: z.boolean().optional(),
  /** Whether it takes a refresh token, in the cookie or the body. */
  latchkeyRefreshToken: z.enum(['required', 'optional']).optional(),
  /** The last part of its plain HTTP path, where that does not come from its name. */
  latchkeyPathName: z.string().optional(),
});

export type ProcedureMeta = z.infer<typeof procedureMeta>;

/** Reads the facts out of a procedure's meta; a host's procedure may have none. */
export function readProcedureMeta(meta: unknown): ProcedureMeta {
  return procedureMeta.parse(meta ?? {});
}
