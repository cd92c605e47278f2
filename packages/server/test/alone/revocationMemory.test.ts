import { randomBytes } from 'node:crypto';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createRevocations } from '../../src/session/revocations.js';
import { sessionModel } from '../../src/session/sessionModel.js';
import { openTestDatabase } from '../testDatabase.js';

const SESSIONS = 50_000;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function usedBytes(): number {
  collectGarbage();
  return getHeapStatistics().used_heap_size;
}

it('remembers a revoked session in less than 150 bytes', async () => {
  await using database = await openTestDatabase();
  const revocations = createRevocations({
    connection: database.connection,
    model: sessionModel(database.connection),
    pollMs: 60_000,
    accessTokenLifetimeMs: 900_000,
    maxAgeMs: 30_000,
    clock: Date.now,
    monotonic: () => performance.now(),
    onError: () => {},
  });
  const ids = Array.from({ length: SESSIONS }, () => randomBytes(18));
  const before = usedBytes();
  for (const id of ids) revocations.add(id.toString('base64url'));
  const bytes = (usedBytes() - before) / SESSIONS;
  console.log(`${bytes.toFixed(0)} bytes of memory for each revoked session, with ${SESSIONS} of them`);
  expect(ids.filter((id) => revocations.has(id.toString('base64url')))).toHaveLength(SESSIONS);
  expect(bytes).toBeLessThan(150);
});
