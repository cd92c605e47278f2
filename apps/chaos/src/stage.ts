import type { ChaosPlan } from './chaosPlan.js';
import type { ChaosReport } from './chaosReport.js';
import { createCrowd } from './crowd.js';
import { startFaultyProxy } from './faultyProxy.js';
import { createLedger } from './ledger.js';
import { createRandom } from './random.js';
import { readStored } from './readStored.js';
import { createServerLog } from './serverLog.js';
import { startTopology } from './topology.js';

/** Starts the database, the servers and a good network, and creates clients that are not signed in yet. */
export async function startStage(plan: ChaosPlan) {
  const random = createRandom(`${plan.seed}`);
  const problems: string[] = [];
  const log = createServerLog();
  const topology = await startTopology(plan, {
    onLine: log.read,
    onProblem: (problem) => void problems.push(problem),
  });
  const ports = topology.nodes.map(({ port }) => port);
  const proxy = await startFaultyProxy({
    ports,
    random: random.fork('network'),
    maxDelayMs: plan.maxDelayMs,
  });
  const ledger = createLedger(() => performance.now());
  const crowd = createCrowd({ plan, random, url: proxy.url, ledger });
  return {
    random,
    topology,
    proxy,
    crowd,
    /** The number of security events of all servers, by name. */
    events: log.events,
    /** Reads the database, and compares it with what the clients wrote. */
    async report({ faults, thefts }: Pick<ChaosReport, 'faults' | 'thefts'>): Promise<ChaosReport> {
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
    },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await topology[Symbol.asyncDispose]();
    },
  };
}
