import { z } from 'zod';

/** The peers of one process: its argument, as JSON. */
export const peerList = z.array(
  z.object({
    /** The first part of the path of its URLs. */
    name: z.string(),
    /** A file of `peers/`. */
    peer: z.string(),
    variant: z.string().optional(),
    databaseUri: z.string(),
  }),
);
export type PeerList = z.infer<typeof peerList>;
