import { z } from 'zod';

/** The peers of one process, as its argument tells them. */
export const peerList = z.array(
  z.object({
    /** Where it is found: the first part of the path. */
    name: z.string(),
    /** A file of `peers/`. */
    peer: z.string(),
    variant: z.string().optional(),
    databaseUri: z.string(),
  }),
);
export type PeerList = z.infer<typeof peerList>;
