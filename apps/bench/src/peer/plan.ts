import { z } from 'zod';

/** The peers of one process. */
export const peerPlans = z.array(
  z.object({
    /** A file of `peers/`. */
    peer: z.string(),
    variant: z.string().optional(),
    databaseUri: z.string(),
  }),
);
export type PeerPlans = z.infer<typeof peerPlans>;
