import {
  bareWriteCaller,
  betterAuthRenewCaller,
  compareAndSetCaller,
  latchkeyRefreshCaller,
} from '../callers.js';
import { comparePeers, type PeerPlan } from '../comparePeers.js';
import { judgeCpu, toTable } from '../rows.js';
import type { Scenario } from '../scenario.js';

const BARE_WRITE = 'bare findOneAndUpdate';

const plans: readonly PeerPlan[] = [
  { name: BARE_WRITE, isNeeded: true, peer: 'plain', caller: bareWriteCaller },
  { name: 'Latchkey', isNeeded: true, peer: 'latchkey', caller: latchkeyRefreshCaller },
  { name: 'hand-written compare-and-set', peer: 'compareAndSet', caller: compareAndSetCaller },
  { name: 'better-auth', peer: 'betterAuth', variant: 'renewing', caller: betterAuthRenewCaller },
];

export const refresh: Scenario = {
  summary: 'a refresh beside one bare conditional write in a mutation, and beside other renewals',
  async run(options) {
    const samples = await comparePeers(plans, options);
    const goal = { title: 'refresh', name: 'Latchkey', reference: BARE_WRITE, atLeast: 0.8 };
    return { tables: [toTable('refresh', samples)], goals: [judgeCpu(samples, goal)] };
  },
};
