import { type ChaosOptions, planChaos } from './chaosPlan.js';
import type { ChaosReport } from './chaosReport.js';
import { inGroups } from './crowd.js';
import { causeFaults } from './faults.js';
import { startStage } from './stage.js';
import type { TheftResult } from './thefts.js';

/** The longest time that a client may need to get in again after the faults, in milliseconds. */
const RETURN_MS = 30_000;

/**
 * Runs the whole system under faults and reports the result. The seed decides what is killed, lost, delayed and clicked, and
 * the order of each. How they interleave depends on the machine.
 *
 * @param say receives a line about each kill
 */
export async function runChaos(options: ChaosOptions, say: (what: string) => void): Promise<ChaosReport> {
  const plan = planChaos(options);
  await using stage = await startStage(plan);
  const { crowd, proxy, topology, random } = stage;
  await inGroups(crowd.people, (person) => person.register());
  say(`${crowd.people.length} clients signed in; ${plan.seconds} s of faults begin`);

  const stop = new AbortController();
  const activity = crowd.people.map((person) => person.useApp(stop.signal));
  proxy.setFaulty(true);
  // The restore waits for these thefts. The copy must not become older than 8 generations, up to which sessions heal.
  const firstWave = crowd.stealFromSome({ forgiving: false, timeoutMs: 8 * plan.graceMs });
  let secondWave: Promise<TheftResult[]> = Promise.resolve([]);
  const onRestored = () => {
    // Thief and owner may share a token once before one of them comes second.
    secondWave = crowd.stealFromSome({ forgiving: true, timeoutMs: 12 * plan.graceMs });
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
  return await stage.report({ faults, thefts });
}
