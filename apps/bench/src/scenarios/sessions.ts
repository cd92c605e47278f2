import { latchkeyItemCaller, latchkeyRefreshCaller } from '../callers.js';
import type { MeasuredProcess } from '../childProcess.js';
import { CONCURRENCY, signInAll } from '../comparePeers.js';
import { fillSessions } from '../fillSessions.js';
import { type Caller, roundRobin } from '../load.js';
import { sampleRounds } from '../rounds.js';
import { judgeCpu, toTable } from '../rows.js';
import type { Finding, Scenario, Table } from '../scenario.js';
import { startDatabase } from '../startDatabase.js';
import { startPeer } from '../startPeers.js';

const FEW = 1_000;
/** The most sessions that refresh. All others are only stored. */
const MAX_ACTIVE = 400;
/** "Within 1.2 times the cost", as a ratio. */
const GOAL = 1 / 1.2;

/** A server and its collection of sessions. */
interface Store {
  readonly name: string;
  readonly server: MeasuredProcess;
  readonly guardCallers: readonly Caller[];
  readonly refreshCallers: readonly Caller[];
}

export const sessions: Scenario = {
  summary: 'a protected query and a refresh with 1,000 sessions stored and with very many',
  async run(options) {
    await using database = await startDatabase();
    await using few = await startPeer({ peer: 'latchkey', databaseName: 'few' }, { database });
    await using many = await startPeer({ peer: 'latchkey', databaseName: 'many' }, { database });
    const { progress } = options;
    const active = Math.min(MAX_ACTIVE, options.requests * options.rounds);
    const stores = [
      await openStore(few, { active, size: FEW, uri: database.uri('few'), progress }),
      await openStore(many, { active, size: options.sessions, uri: database.uri('many'), progress }),
    ];
    const guard = await compare('guard', 'guardCallers');
    const refresh = await compare('refresh', 'refreshCallers');
    return { tables: [guard.table, refresh.table], goals: [guard.goal, refresh.goal] };

    async function compare(
      title: string,
      kind: 'guardCallers' | 'refreshCallers',
    ): Promise<{ table: Table; goal: Finding }> {
      const subjects = stores.map((store) => ({
        name: store.name,
        origin: store.server.address,
        callers: store[kind],
        // The work of the database may grow. It can be measured only if the process is ours.
        processes: database.process ? [store.server, database.process] : [store.server],
      }));
      const rounds = options.rounds * options.launches;
      const samples = await sampleRounds(subjects, { ...options, rounds });
      const [reference = '', name = ''] = stores.map((store) => store.name);
      const goal = judgeCpu(samples, { title, name, reference, atLeast: GOAL });
      return { table: toTable(title, samples), goal };
    }
  },
};

async function openStore(
  server: MeasuredProcess,
  options: { active: number; size: number; uri: string; progress: (message: string) => void },
): Promise<Store> {
  const { address } = server;
  const { size, uri, progress } = options;
  const active = await signInAll(options.active, () => latchkeyRefreshCaller(address));
  const guardCallers = await signInAll(CONCURRENCY, () => latchkeyItemCaller(address));
  await fillSessions(uri, { size, progress });
  const refreshCallers = Array.from({ length: CONCURRENCY }, (_, index) =>
    roundRobin(active.filter((_, position) => position % CONCURRENCY === index)),
  );
  return { name: `${size.toLocaleString('en')} sessions`, server, guardCallers, refreshCallers };
}
