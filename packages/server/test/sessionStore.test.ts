import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createRefreshTokens } from '../src/session/refreshToken.js';
import { type SessionRecord, sessionModel } from '../src/session/sessionModel.js';
import { createSessionStore, type SessionStore } from '../src/session/sessionStore.js';
import { openTestDatabase } from './testDatabase.js';

const NOW = 1_900_000_000_000;
const HOUR = 3_600_000;
const now = new Date(NOW);
const token = createRefreshTokens([randomBytes(32).toString('base64url')]).first();

const record: SessionRecord = {
  _id: token.sessionId,
  userId: 'u',
  generation: 0,
  currentHash: token.hash,
  movedFrom: 0,
  healed: false,
  graceFrom: null,
  rotatedAt: now,
  acknowledged: 0,
  attempts: [],
  persistent: false,
  createdAt: now,
  authenticatedAt: now,
  lastUsedAt: now,
  revokedAt: null,
  revokedReason: null,
  idleExpiresAt: new Date(NOW + HOUR),
  expiresAt: new Date(NOW + HOUR),
  user: { id: 'u', username: 'u', email: 'u@example.com', emailVerified: false, roles: [], createdAt: '' },
  client: { ip: '127.0.0.1', userAgent: 'none' },
};

function rotation(generation: number, at: number) {
  return {
    presented: token.descendant(generation),
    successor: token.descendant(generation + 1),
    episode: 'e',
    now: at,
  };
}

type Step = (store: SessionStore, seen: SessionRecord) => Promise<SessionRecord | undefined>;

it.each<[string, Step]>([
  ['a late replay', (store, seen) => store.openGrace(seen, NOW + 2)],
  ['forgiving', (store, seen) => store.forgive(seen, NOW + 2)],
  ['healing', (store, seen) => store.heal(rotation(3, NOW + 2), seen)],
])(
  '%s changes a session as it was seen, and leaves it alone once another request has moved it on',
  async (_name, step) => {
    await using database = await openTestDatabase();
    const store = createSessionStore(sessionModel(database.connection), { graceMs: 30_000, idleMs: HOUR });
    await store.insert(record);
    const seen = await store.find(token.sessionId);
    if (seen === undefined) throw new Error('The session is not stored.');

    const moved = await store.rotate(rotation(0, NOW + 1));
    expect(moved?.generation).toBe(1);
    expect(await step(store, seen)).toBeUndefined();
    expect(await store.find(token.sessionId)).toEqual(moved);

    if (moved !== undefined) expect(await step(store, moved)).toMatchObject({ graceFrom: new Date(NOW + 2) });
  },
);
