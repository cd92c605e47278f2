import { type MeasuredProcess, startProcess } from './childProcess.js';
import type { PeerList } from './peer/list.js';
import type { BenchDatabase } from './startDatabase.js';

/** A server from `peers/`. */
export interface Peer {
  /** A file of `peers/`. */
  readonly peer: string;
  readonly variant?: string;
  /**
   * The name of its database.
   *
   * @default its name and variant
   */
  readonly databaseName?: string;
}

/** A process that serves several peers. */
export interface PeerProcess extends MeasuredProcess {
  /** The origin of a peer, with the path that leads to it. */
  originOf(peer: Peer): string;
}

/** Starts all peers in one process, each on its own database. A peer that is listed twice is started once. */
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

/** Starts one peer in its own process. */
export async function startPeer(peer: Peer, options: { database: BenchDatabase }): Promise<MeasuredProcess> {
  const started = await startPeers([peer], options);
  return { ...started, address: started.originOf(peer) };
}

function nameOf({ peer, variant, databaseName }: Peer) {
  return databaseName ?? [peer, variant].filter(Boolean).join('_');
}
