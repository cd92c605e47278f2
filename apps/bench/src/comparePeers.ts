import type { Caller } from './load.js';
import { type Samples, type Subject, sampleRounds } from './rounds.js';
import type { ScenarioOptions } from './scenario.js';
import { type BenchDatabase, startDatabase } from './startDatabase.js';
import { type Peer, startPeers } from './startPeers.js';

/** A peer and its callers. */
export interface PeerPlan extends Peer {
  readonly name: string;
  /** Whether a goal needs it, so that `--only` does not leave it out. */
  readonly isNeeded?: true;
  /** Signs one caller in. */
  readonly caller: (origin: string) => Promise<Caller>;
}

/** Requests in flight to a server at any time, each from another caller. */
export const CONCURRENCY = 8;

/**
 * For every launch, starts one process with all peers, measures them and ends the process. It is one process, because two
 * processes of the same program differ in speed by a tenth for as long as they live.
 */
export async function comparePeers(
  plans: readonly PeerPlan[],
  options: ScenarioOptions,
): Promise<readonly Samples[]> {
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
  return all;
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

function chosen(plans: readonly PeerPlan[], only = '') {
  return plans.filter(({ name, isNeeded }) => isNeeded || name.includes(only));
}
