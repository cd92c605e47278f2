import { setTimeout as sleep } from 'node:timers/promises';
import { bearerItemCaller, latchkeyItemCaller } from '../callers.js';
import type { MeasuredProcess } from '../childProcess.js';
import { fillUsers } from '../fillUsers.js';
import { type LatencyRound, latencyTable, probe, toLatencyRow } from '../latency.js';
import type { Caller } from '../load.js';
import type { Finding, Scenario, ScenarioOptions } from '../scenario.js';
import { startDatabase } from '../startDatabase.js';
import { startPeer } from '../startPeers.js';
import { type Storm, startStorm } from '../storm/startStorm.js';
import { judge } from '../verdict.js';

/** The pause between the begin of the storm and the first query, in milliseconds. */
const SETTLING_MS = 1_000;
/** The other server serves for comparison only, and needs half a minute to recover from a storm. */
const EVERY_NTH_ROUND = 6;
const POLL_MS = 500;
/** The share of a processor below which a server counts as idle. */
const QUIET = 0.05;
/** "Within twice the idle p99", as a ratio. The slowest percentile varies more than a mean: hence the wider spread. */
const GOAL = { atLeast: 0.5, maxSpread: 0.5 };

/** A server under storm, and the caller that keeps reading from it. */
interface Target {
  readonly name: string;
  readonly server: MeasuredProcess;
  /** The procedure that signs in. */
  readonly path: string;
  readonly identifiers: readonly string[];
  readonly caller: Caller;
  readonly rounds: LatencyRound[];
}

export const loginStorm: Scenario = {
  summary: 'the latency of a protected query while many people sign in at once, again and again',
  async run(options) {
    await using database = await startDatabase();
    await using latchkey = await startPeer(
      { peer: 'latchkey', variant: 'storm', databaseName: 'storm' },
      { database },
    );
    await using plain = await startPeer({ peer: 'jsonwebtoken', variant: 'key' }, { database });
    await using storm = await startStorm();
    const latchkeyCaller = await latchkeyItemCaller(latchkey.address);
    const identifiers = await fillUsers(database.uri('storm'), options.people);
    const targets: Target[] = [
      {
        name: 'Latchkey',
        server: latchkey,
        path: '/trpc/auth.login',
        identifiers,
        rounds: [],
        caller: latchkeyCaller,
      },
      {
        name: "hand-written, bcrypt on libuv's pool",
        server: plain,
        path: '/trpc/logIn',
        identifiers,
        caller: await bearerItemCaller(plain.address),
        rounds: [],
      },
    ];
    for (const { server, caller } of targets)
      await probe({ origin: server.address, caller, requests: Math.min(options.warmUp, 500) });
    const rounds = options.rounds * options.launches;
    for (let round = 1; round <= rounds; round++) {
      options.progress(`round ${round} of ${rounds}`);
      for (const [index, target] of targets.entries())
        if (index === 0 || round % EVERY_NTH_ROUND === 1)
          target.rounds.push(await measure(target, { storm, options }));
    }
    const rows = targets.map(({ name, rounds }) => toLatencyRow(name, rounds));
    return { tables: [latencyTable('login-storm', rows)], goals: goalsOf(rows[0]) };
  },
};

function goalsOf(row: ReturnType<typeof toLatencyRow> | undefined): Finding[] {
  if (row === undefined) throw new Error('Nothing was measured.');
  return [{ name: `login-storm: ${row.name}`, ...judge(row.p99Ratios, GOAL) }];
}

async function measure(
  { server, path, identifiers, caller }: Target,
  { storm, options: { requests } }: { storm: Storm; options: ScenarioOptions },
): Promise<LatencyRound> {
  const origin = server.address;
  const idleMs = await probe({ origin, caller, requests });
  await storm.begin({ origin, path, identifiers: [...identifiers] });
  await sleep(SETTLING_MS);
  const stormMs = await probe({ origin, caller, requests });
  const { signIns, refused, seconds } = await storm.end();
  await untilQuiet(server);
  return { idleMs, stormMs, signIns, refused, stormSeconds: seconds };
}

/** Waits until the server has finished the work that the storm left behind. */
async function untilQuiet(server: MeasuredProcess): Promise<void> {
  let [before, share] = [await server.cpuTime(), 1];
  while (share > QUIET) {
    await sleep(POLL_MS);
    const now = await server.cpuTime();
    share = (now - before) / 1_000 / POLL_MS;
    before = now;
  }
}
