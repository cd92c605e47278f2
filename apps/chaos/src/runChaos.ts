import type { ChaosOptions, ChaosPlan } from './chaosPlan.js';
import { planChaos } from './chaosPlan.js';
import type { ChaosReport } from './chaosReport.js';
import { causeFaults } from './faults.js';
import { type FaultyProxy, startFaultyProxy } from './faultyProxy.js';
import { createLedger, type Ledger } from './ledger.js';
import { createPerson, type Person, type SignedOut } from './person.js';
import { createRandom, type Random } from './random.js';
import { readStored } from './readStored.js';
import { createServerLog } from './serverLog.js';
import { steal, type TheftResult } from './thefts.js';
import { startTopology } from './topology.js';

/** How long somebody may take to get in again when all is well, in milliseconds. */
const RETURN_MS = 30_000;
const AT_A_TIME = 20;

/**
 * Runs the whole system under faults and reports what became of it. The seed fixes what is killed, lost, delayed and
 * clicked, and in which order each of them happens; how they interleave is the machine's.
 *
 * @param say hears of each kill, as it happens
 */
export async function runChaos(options: ChaosOptions, say: (what: string) => void): Promise<ChaosReport> {
  const plan = planChaos(options);
  const random = createRandom(`${plan.seed}`);
  const problems: string[] = [];
  const log = createServerLog();
  await using topology = await startTopology(plan, {
    onLine: log.read,
    onProblem: (problem) => void problems.push(problem),
  });
  const ports = topology.nodes.map(({ port }) => port);
  await using proxy = await startFaultyProxy({ ports, random: random.fork('network'), ...plan });
  const ledger = createLedger(() => performance.now());
  const crowd = createCrowd({ plan, random, url: proxy.url, ledger });
  await inGroups(crowd.people, (person) => person.register());
  say(`${crowd.people.length} clients signed in; ${plan.seconds} s of faults begin`);

  const stop = new AbortController();
  const activity = crowd.people.map((person) => person.useApp(stop.signal));
  proxy.setFaulty(true);
  const firstWave = crowd.stealFromSome(proxy, { forgiving: false });
  let secondWave: Promise<TheftResult[]> = Promise.resolve([]);
  const onRestored = () => {
    secondWave = crowd.stealFromSome(proxy, { forgiving: true });
  };
  const faults = await causeFaults({ plan, topology, random, readyToRestore: firstWave, onRestored, say });
  proxy.setFaulty(false);
  say('faults are over');
  const thefts = [...(await firstWave), ...(await secondWave)];
  stop.abort();
  await Promise.all(activity);
  await inGroups(crowd.others(), async (person) => {
    if (!(await person.returns(RETURN_MS)))
      crowd.signedOut.push({ person: person.name, status: 'locked out' });
  });

  return {
    plan,
    faults,
    thefts,
    problems,
    network: proxy.counts,
    signedOut: crowd.signedOut,
    ledger: ledger.compare(await readStored(topology.database.uri), faults.forgotten),
    events: log.events,
    serverFaults: log.faults,
  };
}

/** The clients, those robbed among them, and what befell the others. */
function createCrowd(options: { plan: ChaosPlan; random: Random; url: string; ledger: Ledger }) {
  const { plan, random, url, ledger } = options;
  const robbed = new Set<string>();
  const signedOut: SignedOut[] = [];
  const people = Array.from({ length: plan.clients }, (_, number) =>
    createPerson({
      number,
      url,
      ledger,
      random: random.fork(`person ${number}`),
      onSignedOut: (event) => {
        if (!robbed.has(event.person)) signedOut.push(event);
      },
    }),
  );
  const others = () => people.filter(({ name }) => !robbed.has(name));
  return {
    people,
    signedOut,
    others,
    stealFromSome(
      proxy: Pick<FaultyProxy, 'url'>,
      { forgiving }: { forgiving: boolean },
    ): Promise<TheftResult[]> {
      const victims = others().slice(0, plan.theftsPerWave);
      for (const { name } of victims) robbed.add(name);
      return Promise.all(
        victims.map((victim, index) =>
          steal(index % 2 === 0 ? 'late' : 'early', {
            plan,
            victim,
            forgiving,
            url: proxy.url,
            // Before the restore, which waits for them, the copy must not grow older than sessions are healed: 8
            // generations. After it, they may share a token once before one of them comes second.
            timeoutMs: (forgiving ? 12 : 8) * plan.graceMs,
          }),
        ),
      );
    },
  };
}

async function inGroups(people: readonly Person[], act: (person: Person) => Promise<void>): Promise<void> {
  for (let first = 0; first < people.length; first += AT_A_TIME)
    await Promise.all(people.slice(first, first + AT_A_TIME).map(act));
}
