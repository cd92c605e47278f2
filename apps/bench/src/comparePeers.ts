import type { Caller } from './load.js';
import { type Row, type Samples, type Subject, sampleRounds, toRows } from './rounds.js';
import type { ScenarioOptions } from './scenario.js';
import { type BenchDatabase, startDatabase } from './startDatabase.js';
import { type Peer, startPeers } from './startPeers.js';

/** How a subject comes to be: a peer and those who call it. */
export interface PeerPlan extends Peer {
  readonly name: string;
  /** Signs one caller in. */
  readonly caller: (origin: string) => Promise<Caller>;
}

/** Requests that are under way to a server at any time, each from a caller of its own. */
export const CONCURRENCY = 8;

/**
 * Starts a process with all the peers, measures them beside the first one, ends it, and so again for every launch. One
 * process, because two of the same program differ in speed by a tenth for as long as they live.
 */
export async function comparePeers(plans: readonly PeerPlan[], options: ScenarioOptions): Promise<Row[]> {
  await using database = await startDatabase();
  let all: readonly Samples[] = [];
  for (let launch = 1; launch <= options.launches; launch++) {
    options.progress(`launch ${launch} of ${options.launches}`);
    const samples = await sampleLaunch(chosen(plans, options.only), { database, options });
    all = samples.map(({ name, rounds }, index) => ({
      name,
      rounds: [...(all[index]?.rounds ?? []), ...rounds],
    }));
  }
  return toRows(all);
}

async function sampleLaunch(
  plans: readonly PeerPlan[],
  { database, options }: { database: BenchDatabase; options: ScenarioOptions },
): Promise<readonly Samples[]> {
  await using server = await startPeers(plans, { database });
  const subjects: Subject[] = [];
  for (const plan of plans) {
    const origin = server.originOf(plan);
    const callers = await signInAll(CONCURRENCY, () => plan.caller(origin));
    subjects.push({ name: plan.name, origin, callers, processes: [server] });
  }
  return await sampleRounds(subjects, options);
}

/** Signs callers in, one after another. */
export async function signInAll(count: number, signIn: () => Promise<Caller>): Promise<Caller[]> {
  const callers: Caller[] = [];
  while (callers.length < count) callers.push(await signIn());
  return callers;
}

/** The first one, which the others are compared with, Latchkey, which the goal is about, and those named. */
function chosen(plans: readonly PeerPlan[], only = '') {
  return plans.filter(({ name }, index) => index === 0 || name === 'Latchkey' || name.includes(only));
}
