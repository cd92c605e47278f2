import { type MeasuredProcess, startProcess } from './childProcess.js';
import type { PeerPlans } from './peer/plan.js';
import type { BenchDatabase } from './startDatabase.js';

/** One of the servers in `peers/`. */
export interface PeerName {
  readonly peer: string;
  readonly variant?: string;
  /** The name of its database, if not its own. */
  readonly databaseName?: string;
}

/** A process with several peers in it. */
export interface PeerProcess extends MeasuredProcess {
  /** Where each of them is found, in the order given. */
  readonly origins: readonly string[];
}

/** Starts peers, all of them in one process and each on a database of its own. */
export async function startPeers(
  names: readonly PeerName[],
  { database }: { database: BenchDatabase },
): Promise<PeerProcess> {
  const plans: PeerPlans = names.map(({ peer, variant, databaseName }) => ({
    peer,
    ...(variant !== undefined && { variant }),
    databaseUri: database.uri(databaseName ?? [peer, variant].filter(Boolean).join('_')),
  }));
  const started = await startProcess('./peer/process.js', { args: [JSON.stringify(plans)] });
  return { ...started, origins: names.map((_, index) => `${started.address}/${index}`) };
}

/** Starts one peer in a process of its own; its address is where it is found. */
export async function startPeer(
  name: PeerName,
  options: { database: BenchDatabase },
): Promise<MeasuredProcess> {
  const started = await startPeers([name], options);
  return { ...started, address: `${started.address}/0` };
}
