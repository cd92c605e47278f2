import { latchkeyItemCaller, latchkeyRefreshCaller } from '../callers.js';
import type { MeasuredProcess } from '../childProcess.js';
import { CONCURRENCY, signInAll } from '../comparePeers.js';
import { fillSessions } from '../fillSessions.js';
import { type Caller, inTurn } from '../load.js';
import { sampleRounds, toRows } from '../rounds.js';
import { goal, type Scenario, type Table } from '../scenario.js';
import { startDatabase } from '../startDatabase.js';
import { startPeer } from '../startPeers.js';

const FEW = 1_000;
/** So many of the sessions refresh, in turn; all the others only lie there. */
const ACTIVE = 400;
/** "Within 1.2 times the cost", as a ratio. */
const GOAL = 1 / 1.2;

/** A server whose collection holds so many sessions. */
interface Store {
  readonly name: string;
  readonly server: MeasuredProcess;
  readonly guardCallers: readonly Caller[];
  readonly refreshCallers: readonly Caller[];
}

/** What it costs when the collection is large. */
export const sessions: Scenario = {
  summary: 'a protected query and a refresh with 1,000 sessions stored and with very many',
  async run(options) {
    await using database = await startDatabase();
    await using few = await startPeer({ peer: 'latchkey', databaseName: 'few' }, { database });
    await using many = await startPeer({ peer: 'latchkey', databaseName: 'many' }, { database });
    const { progress } = options;
    const stores = [
      await openStore(few, { size: FEW, uri: database.uri('few'), progress }),
      await openStore(many, { size: options.sessions, uri: database.uri('many'), progress }),
    ];
    const guard = await compare('guard', 'guardCallers');
    const refresh = await compare('refresh', 'refreshCallers');
    const [, large = ''] = stores.map(({ name }) => name);
    return { tables: [guard, refresh], goals: [goal(guard, large, GOAL), goal(refresh, large, GOAL)] };

    async function compare(title: string, kind: 'guardCallers' | 'refreshCallers'): Promise<Table> {
      const subjects = stores.map((store) => ({
        name: store.name,
        origin: store.server.address,
        callers: store[kind],
        // The database's work is what might grow; its clock is at hand only where the process is ours.
        processes: database.process ? [store.server, database.process] : [store.server],
      }));
      return { title, rows: toRows(await sampleRounds(subjects, options)) };
    }
  },
};

async function openStore(
  server: MeasuredProcess,
  { size, uri, progress }: { size: number; uri: string; progress: (message: string) => void },
): Promise<Store> {
  const { address } = server;
  const active = await signInAll(ACTIVE, () => latchkeyRefreshCaller(address));
  const guardCallers = await signInAll(CONCURRENCY, () => latchkeyItemCaller(address));
  await fillSessions(uri, { size, progress });
  const refreshCallers = Array.from({ length: CONCURRENCY }, (_, index) =>
    inTurn(active.filter((_, position) => position % CONCURRENCY === index)),
  );
  return { name: `${size.toLocaleString('en')} sessions`, server, guardCallers, refreshCallers };
}
