import { expect, it } from 'vitest';
import { createTestClient } from '../testClient.js';
import { openTestDatabase } from '../testDatabase.js';
import { createTestMailbox } from '../testMailbox.js';
import { startTestServer } from '../testServer.js';
import { median } from './distributions.js';

const ROUNDS = 150;

it('L7: asking for a reset link takes the same time for a known and an unknown address', async () => {
  await using database = await openTestDatabase();
  const mailbox = createTestMailbox();
  await using server = await startTestServer(database.connection, {
    mail: mailbox.mailer,
    limits: { 'password-reset': { account: [] } },
  });
  const { user } = await createTestClient(server.url).register('forgetful');
  const requestReset = (email: string) =>
    createTestClient(server.url).mutate('auth.password.requestReset', { email });

  const times = { known: [] as number[], unknown: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    // By turns, so that whatever else this machine does meets both; in changing order, each after a rest.
    for (const who of round % 2 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const started = performance.now();
      await requestReset(who === 'known' ? user.email : 'nobody@example.com');
      times[who].push(performance.now() - started);
    }
  }
  // What the known one costs more, a search, a write and a mail, takes longer than a millisecond.
  expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(1);
  await mailbox.mail(user.email, 'password_reset', ROUNDS);
}, 60_000);
