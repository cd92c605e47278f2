import { type MeasuredProcess, startProcess } from './childProcess.js';
import type { PeerList } from './peer/list.js';
import type { BenchDatabase } from './startDatabase.js';

/** One of the servers in `peers/`. */
export interface Peer {
  /** A file of `peers/`. */
  readonly peer: string;
  readonly variant?: string;
  /** The name of its database, if not its own. */
  readonly databaseName?: string;
}

/** A process with several peers in it. */
export interface PeerProcess extends MeasuredProcess {
  /** Where one of them is found. */
  originOf(peer: Peer): string;
}

/** Starts peers, all of them in one process and each on a database of its own; one that is named twice is one. */
export async function startPeers(
  peers: readonly Peer[],
  { database }: { database: BenchDatabase },
): Promise<PeerProcess> {
  const byName = new Map(peers.map((each) => [nameOf(each), each]));
  const list: PeerList = [...byName].map(([name, { peer, variant }]) => ({
    name,
    peer,
    variant,
    databaseUri: database.uri(name),
  }));
  const started = await startProcess('./peer/process.js', { args: [JSON.stringify(list)] });
  return { ...started, originOf: (peer) => `${started.address}/${nameOf(peer)}` };
}

/** Starts one peer in a process of its own; its address is where it is found. */
export async function startPeer(peer: Peer, options: { database: BenchDatabase }): Promise<MeasuredProcess> {
  const started = await startPeers([peer], options);
  return { ...started, address: started.originOf(peer) };
}

function nameOf({ peer, variant, databaseName }: Peer) {
  return databaseName ?? [peer, variant].filter(Boolean).join('_');
}
