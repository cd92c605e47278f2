import type { MeasuredProcess } from './childProcess.js';
import type { Caller } from './load.js';
import { measureRounds, type Row, type Subject } from './rounds.js';
import type { ScenarioOptions } from './scenario.js';
import { startDatabase } from './startDatabase.js';
import { startPeer } from './startPeer.js';

/** How a subject comes to be: a peer and those who call it. */
export interface PeerPlan {
  readonly name: string;
  /** A file of `peers/`. */
  readonly peer: string;
  /** The peer's argument. */
  readonly variant?: string;
  /** Signs one caller in. */
  readonly caller: (origin: string) => Promise<Caller>;
}

/** Requests that are under way to a server at any time, each from a caller of its own. */
export const CONCURRENCY = 8;

/** Starts every peer, measures them beside the first one, and ends them. */
export async function comparePeers(plans: readonly PeerPlan[], options: ScenarioOptions): Promise<Row[]> {
  await using database = await startDatabase();
  const started: MeasuredProcess[] = [];
  try {
    const subjects: Subject[] = [];
    for (const { name, peer, variant, caller } of plans) {
      const server = await startPeer(peer, { database, ...(variant && { variant }) });
      started.push(server);
      const callers = await signInAll(CONCURRENCY, () => caller(server.address));
      subjects.push({ name, origin: server.address, callers, processes: [server] });
    }
    return await measureRounds(subjects, options);
  } finally {
    await Promise.all(started.map((each) => each[Symbol.asyncDispose]()));
  }
}

/** Signs callers in, one after another. */
export async function signInAll(count: number, signIn: () => Promise<Caller>): Promise<Caller[]> {
  const callers: Caller[] = [];
  while (callers.length < count) callers.push(await signIn());
  return callers;
}
