/** A session as a hand-written refresh stores it. */
export interface SessionDocument {
  _id: string;
  userId: string;
  roles: string[];
  generation: number;
  /** SHA-256 of the current token's secret. */
  hash: string;
  lastUsedAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function newSession(session: Pick<SessionDocument, '_id' | 'hash'>): SessionDocument {
  const now = Date.now();
  return {
    ...session,
    userId: 'b0a7e1f2c3d4e5f60718293a',
    roles: ['user'],
    generation: 0,
    lastUsedAt: new Date(now),
    expiresAt: new Date(now + DAY_MS),
    revokedAt: null,
  };
}
