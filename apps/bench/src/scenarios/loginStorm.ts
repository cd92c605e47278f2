import { setTimeout as sleep } from 'node:timers/promises';
import { bearerItemCaller, latchkeyItemCaller } from '../callers.js';
import type { MeasuredProcess } from '../childProcess.js';
import { fillUsers } from '../fillUsers.js';
import { type LatencyRound, latencyTable, probe, toLatencyRow } from '../latency.js';
import type { Caller } from '../load.js';
import { type Goal, type Scenario, type ScenarioOptions, verdict } from '../scenario.js';
import { startDatabase } from '../startDatabase.js';
import { startPeer } from '../startPeers.js';
import { type Storm, startStorm } from '../storm/startStorm.js';

const PEOPLE = 200;
/** After the storm has begun, in milliseconds. */
const SETTLING_MS = 1_000;
/** The other server is only there to be compared with, and what a storm leaves behind takes it half a minute. */
const EVERY_NTH_ROUND = 6;
const POLL_MS = 500;
/** Less processor time than this, as a share of the time that went by, is none. */
const QUIET = 0.05;
/** "Within twice the idle p99", as a ratio. */
const GOAL = 0.5;

/** A server under storm, and somebody who goes on reading there. */
interface Target {
  readonly name: string;
  readonly server: MeasuredProcess;
  /** The procedure that signs in. */
  readonly path: string;
  readonly identifiers: readonly string[];
  readonly caller: Caller;
  readonly rounds: LatencyRound[];
}

/** What everybody else notices of 200 people who sign in at once. */
export const loginStorm: Scenario = {
  summary: 'the latency of a protected query while 200 people sign in at once, again and again',
  async run(options) {
    await using database = await startDatabase();
    await using latchkey = await startPeer(
      { peer: 'latchkey', variant: 'storm', databaseName: 'storm' },
      { database },
    );
    await using plain = await startPeer({ peer: 'jsonwebtoken', variant: 'key' }, { database });
    await using storm = await startStorm();
    const latchkeyCaller = await latchkeyItemCaller(latchkey.address);
    const identifiers = await fillUsers(database.uri('storm'), PEOPLE);
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
    for (let round = 1; round <= options.rounds; round++) {
      options.progress(`round ${round} of ${options.rounds}`);
      for (const [index, target] of targets.entries())
        if (index === 0 || round % EVERY_NTH_ROUND === 1)
          target.rounds.push(await measure(target, { storm, options }));
    }
    const rows = targets.map(({ name, rounds }) => toLatencyRow(name, rounds));
    return { tables: [latencyTable('login-storm', rows)], goals: goalsOf(rows[0]) };
  },
};

function goalsOf(row: ReturnType<typeof toLatencyRow> | undefined): Goal[] {
  if (row === undefined) throw new Error('Nothing was measured.');
  const { name, p99Ratio, p99RatioQuartiles } = row;
  return [
    verdict({
      name: `login-storm: ${name}`,
      atLeast: GOAL,
      measured: p99Ratio,
      quartiles: p99RatioQuartiles,
    }),
  ];
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

/** What the storm left behind is still computed: the next round begins when the server has no more of it. */
async function untilQuiet(server: MeasuredProcess): Promise<void> {
  let [before, share] = [await server.cpuTime(), 1];
  while (share > QUIET) {
    await sleep(POLL_MS);
    const now = await server.cpuTime();
    share = (now - before) / 1_000 / POLL_MS;
    before = now;
  }
}
