import {
  bareWriteCaller,
  betterAuthRenewCaller,
  compareAndSetCaller,
  latchkeyRefreshCaller,
} from '../callers.js';
import { comparePeers, type PeerPlan } from '../comparePeers.js';
import { goal, type Scenario } from '../scenario.js';

const plans: readonly PeerPlan[] = [
  { name: 'bare findOneAndUpdate', peer: 'plain', caller: bareWriteCaller },
  { name: 'Latchkey', peer: 'latchkey', caller: latchkeyRefreshCaller },
  { name: 'hand-written compare-and-set', peer: 'compareAndSet', caller: compareAndSetCaller },
  { name: 'better-auth', peer: 'betterAuth', variant: 'renewing', caller: betterAuthRenewCaller },
];

/** What it costs to renew a session. */
export const refresh: Scenario = {
  summary: 'a refresh beside one bare conditional write in a mutation, and beside other renewals',
  async run(options) {
    const table = { title: 'refresh', rows: await comparePeers(plans, options) };
    return { tables: [table], goals: [goal(table, 'Latchkey', 0.9)] };
  },
};
