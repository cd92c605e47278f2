import { Agent } from 'node:http';
import { latchkeyItemCaller } from '../callers.js';
import { fillUsers } from '../fillUsers.js';
import { type LoadRequest, send } from '../load.js';
import type { CountTable, Finding, Scenario } from '../scenario.js';
import { startDatabase } from '../startDatabase.js';
import { startPeer } from '../startPeers.js';
import { median } from '../statistics.js';
import { judge } from '../verdict.js';

/** The most requests of each kind in a round. Each is for another name, so that no limit of an account is reached. */
const MAX_REQUESTS = 100;
const WARM_UP = 50;
/** "No longer than a tenth apart", as a ratio. */
const GOAL = 0.9;

/** A request that is made for existing accounts and for unknown names. */
interface Question {
  readonly name: string;
  readonly ask: (who: string) => LoadRequest;
}

/** The medians of one round, in milliseconds. */
interface SameTimeRound {
  readonly known: number;
  readonly unknown: number;
}

export const sameTime: Scenario = {
  summary: 'how long a wrong password and a reset link take for known and for unknown names',
  async run(options) {
    await using database = await startDatabase();
    await using latchkey = await startPeer({ peer: 'latchkey', databaseName: 'same_time' }, { database });
    await latchkeyItemCaller(latchkey.address);
    const requests = Math.min(options.requests, MAX_REQUESTS);
    const totalRounds = options.rounds * options.launches;
    const people = await fillUsers(database.uri('same_time'), requests * totalRounds);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const unknownName = createNames();
    const timed = async ({ ask }: Question, who: string) => {
      const startedAt = performance.now();
      await send(latchkey.address, ask(who), agent);
      return performance.now() - startedAt;
    };
    const rounds = new Map(QUESTIONS.map((question): [Question, SameTimeRound[]] => [question, []]));
    for (const question of QUESTIONS)
      for (let sent = 0; sent < WARM_UP; sent++) await timed(question, unknownName());
    for (let round = 1; round <= totalRounds; round++) {
      options.progress(`round ${round} of ${totalRounds}`);
      const known = people.splice(0, requests);
      for (const [question, measured] of rounds) {
        const times = { known: [] as number[], unknown: [] as number[] };
        for (const [index, name] of known.entries()) {
          // In changing order, because the work that a request leaves behind disturbs the next one.
          const order = index % 2 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
          for (const kind of order)
            times[kind].push(await timed(question, kind === 'known' ? name : unknownName()));
        }
        measured.push({ known: median(times.known), unknown: median(times.unknown) });
      }
    }
    agent.destroy();
    const results = [...rounds].map(([{ name }, measured]) => toResult(name, measured));
    return { tables: [toTable(results)], goals: results.map(toGoal) };
  },
};

const QUESTIONS: readonly Question[] = [
  {
    name: 'a wrong password',
    ask: (identifier) => mutation('auth.login', { identifier, password: 'not-the-password-41' }),
  },
  {
    name: 'a reset link',
    ask: (name) => mutation('auth.password.requestReset', { email: `${name}@example.com` }),
  },
];

function mutation(procedure: string, input: object): LoadRequest {
  return {
    method: 'POST',
    path: `/trpc/${procedure}`,
    headers: { 'content-type': 'application/json', 'x-latchkey': '1' },
    body: JSON.stringify(input),
  };
}

/** Returns a function that makes a new unknown name at each call. */
function createNames(): () => string {
  let count = 0;
  return () => `nobody-${++count}`;
}

interface SameTimeResult {
  readonly name: string;
  readonly known: number;
  readonly unknown: number;
  /** The shorter median over the longer one, in each round: 1 = the same time. */
  readonly ratios: readonly number[];
}

function toResult(name: string, rounds: readonly SameTimeRound[]): SameTimeResult {
  return {
    name,
    known: median(rounds.map(({ known }) => known)),
    unknown: median(rounds.map(({ unknown }) => unknown)),
    ratios: rounds.map(({ known, unknown }) => Math.min(known, unknown) / Math.max(known, unknown)),
  };
}

function toTable(results: readonly SameTimeResult[]): CountTable {
  const rows = results.map(({ name, known, unknown, ratios }) => ({
    name,
    'known ms': Number(known.toFixed(2)),
    'unknown ms': Number(unknown.toFixed(2)),
    ratio: Number(median(ratios).toFixed(3)),
  }));
  return { title: 'same-time', columns: Object.keys(rows[0] ?? {}), rows };
}

function toGoal({ name, ratios }: SameTimeResult): Finding {
  return { name: `same-time: ${name}`, ...judge(ratios, { atLeast: GOAL }) };
}
