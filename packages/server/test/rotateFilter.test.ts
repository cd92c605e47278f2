import { afterAll, beforeAll, expect, it } from 'vitest';
import { decide } from '../src/session/decide.js';
import { type SessionRecord, sessionModel } from '../src/session/sessionModel.js';
import { rotateFilter, stateOf } from '../src/session/sessionStore.js';
import { openTestDatabase, type TestDatabase } from './testDatabase.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const NOW = 1_900_000_000_000;

function date(offset: number) {
  return new Date(NOW + offset);
}

/** Sessions with every combination of values around each limit. */
function* records(): Generator<SessionRecord> {
  let id = 0;
  for (const graceFrom of [null, date(-60_000), date(-30_000), date(-29_999), date(0), date(5_000)])
    for (const expiresAt of [date(-1), date(0), date(1)])
      for (const idleExpiresAt of [date(-1), date(0), date(1)])
        for (const revokedAt of [null, date(-1)])
          for (const acknowledged of [1, 2]) {
            id += 1;
            yield {
              _id: `s${id}`,
              userId: 'u',
              generation: 2,
              currentHash: 'hash-2',
              movedFrom: 1,
              healed: false,
              attempts: ['e2', 'e1'],
              graceFrom,
              expiresAt,
              idleExpiresAt,
              revokedAt,
              acknowledged,
              revokedReason: null,
              createdAt: date(-1),
              authenticatedAt: date(-1),
              lastUsedAt: date(-1),
              rotatedAt: date(-1),
              persistent: false,
              user: { id: 'u', username: 'u', email: 'u@x', emailVerified: false, roles: [], createdAt: '' },
              client: { ip: '127.0.0.1', userAgent: '' },
            };
          }
}

it.each([0, 1, 30_000, 60_000])(
  'finds exactly the sessions that decide() would rotate, grace %i ms',
  async (graceMs) => {
    const model = sessionModel(database.connection);
    await model.deleteMany({});
    const all = [...records()];
    await model.insertMany(all);
    for (const generation of [0, 1, 2, 3]) {
      for (const hash of ['hash-0', 'hash-1', 'hash-2', 'hash-3', 'other']) {
        const presented = { generation, hash, hashAt: (later: number) => `hash-${later}` };
        const policy = { graceMs, healLimit: 8 };
        const decided = all
          .filter((record) => decide(stateOf(record), presented, { now: NOW, policy }).kind === 'rotate')
          .map(({ _id }) => _id);
        const { _id, ...anySession } = rotateFilter('', presented, { now: NOW, graceMs });
        const found = await model.find(anySession, { _id: 1 }).lean();
        expect(found.map((record) => record._id).sort(), `${generation} ${hash}`).toEqual(decided.sort());
      }
    }
  },
);
