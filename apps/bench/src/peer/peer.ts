import type { Express } from 'express';

/** What a peer needs. */
export interface PeerOptions {
  /** Which of its kinds; each peer says what it knows. */
  readonly variant: string | undefined;
  /** A database of its own. */
  readonly databaseUri: string;
}

/** What each file of `peers/` exports as `createPeer`: one of the servers that are compared. */
export type CreatePeer = (options: PeerOptions) => Promise<Express>;
