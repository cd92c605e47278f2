import type { Express } from 'express';

export interface PeerOptions {
  /** One of the peer's variants; see the peers. */
  readonly variant: string | undefined;
  /** A database that no other peer uses. */
  readonly databaseUri: string;
}

/** Creates one of the servers that are compared. Each file of `peers/` exports one as `createPeer`. */
export type CreatePeer = (options: PeerOptions) => Promise<Express>;
