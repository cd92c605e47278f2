import { expect, test } from 'vitest';
import { planChaos } from '../src/chaosPlan.js';
import { describeReport, isClean, notCovered } from '../src/chaosReport.js';
import { inGroups } from '../src/crowd.js';
import { NETWORK_FAULTS } from '../src/networkFaults.js';
import type { Person } from '../src/person.js';
import { startStage } from '../src/stage.js';

const PLAN = {
  ...planChaos({ seconds: 1, clients: 3, seed: 1 }),
  servers: 2,
  pause: [20, 100],
  accessLifeMs: 1_000,
  graceMs: 2_000,
  maxDelayMs: 0,
  theftsPerWave: 2,
} as const;

/** Writes notes until something has happened. */
async function writeUntil(person: Person, hasHappened: () => boolean) {
  while (!hasHappened()) await person.writeRepeatedly(new AbortController().signal);
}

// The long run, under random faults, is `npm run chaos`.
test('injects every kind of fault once, and reports that none did harm', async () => {
  await using stage = await startStage(PLAN);
  const { crowd, proxy, topology } = stage;
  const { database, nodes } = topology;
  await inGroups(crowd.people, (person) => person.register());
  const stop = new AbortController();
  const activity = crowd.people.map((each) => each.useApp(stop.signal));
  const thefts = crowd.stealFromSome({ forgiving: false, timeoutMs: Number.POSITIVE_INFINITY });
  const [person] = crowd.others();
  if (person === undefined) throw new Error('All people are robbed.');
  // Pages in the background retry late.
  person.look();

  for (const fault of NETWORK_FAULTS) {
    proxy.inject(fault);
    await writeUntil(person, () => proxy.counts[fault] > 0);
  }
  await nodes[0]?.kill();
  await writeUntil(person, () => proxy.counts.badGateways > 0);
  await nodes[0]?.start();
  await thefts;

  const from = performance.now();
  await database.copy();
  const generation = person.jar.generation();
  await writeUntil(person, () => person.jar.generation() > generation);
  await database.restore();
  const to = performance.now();
  await writeUntil(person, () => stage.events.has('session_healed'));

  stop.abort();
  await Promise.all(activity);
  const faults = { nodeKills: 1, databaseKills: 2, forgotten: { from, to } };
  const report = await stage.report({ faults, thefts: await thefts });
  const lines = describeReport(report);
  expect(notCovered(report)).toEqual([]);
  expect(isClean(report), lines.join('\n')).toBe(true);
  expect(lines.at(-1)).toContain(
    '0 signed out, 0 mutations run twice, 0 acknowledged writes lost, 0 of 2 thefts missed',
  );
}, 300_000);

test('reports the kinds of faults that a run did not have', () => {
  const report = {
    plan: PLAN,
    faults: { nodeKills: 1, databaseKills: 0, forgotten: undefined },
    network: {
      requests: 1,
      refreshes: 1,
      badGateways: 1,
      serverFaults: 0,
      slowestMs: 1,
      slowestServerMs: 1,
      requestsLost: 0,
      answersLost: 1,
      answersCutShort: 1,
      delayed: 1,
      sentTwice: 1,
    },
    ledger: { attempted: 1, acknowledged: 1, excluded: 0, lost: [], ranTwice: [] },
    signedOut: [],
    thefts: [],
    events: new Map(),
    serverFaults: new Map(),
    problems: [],
  };
  expect(notCovered(report)).toEqual([
    'database killed',
    'database restored',
    'session healed',
    'requestsLost',
    'theft',
  ]);
  expect(isClean(report)).toBe(false);
  expect(describeReport(report).join('\n')).toContain('NOT COVERED: theft');
});
