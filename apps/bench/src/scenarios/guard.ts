import {
  bearerItemCaller,
  betterAuthItemCaller,
  expressSessionItemCaller,
  ignoredBearerItemCaller,
  ignoredBearerMiddlewareCaller,
  itemCaller,
  latchkeyItemCaller,
  latchkeyOpenItemCaller,
} from '../callers.js';
import { comparePeers, type PeerPlan } from '../comparePeers.js';
import { judgeCpu, toTable } from '../rows.js';
import type { Scenario } from '../scenario.js';

/** The best that people write themselves: it remembers the tokens that it has verified. */
const HAND_WRITTEN = 'hand-written, key object and LRU';

const plans: readonly PeerPlan[] = [
  { name: 'unprotected', isNeeded: true, peer: 'plain', caller: ignoredBearerItemCaller },
  { name: 'unprotected, no token sent', peer: 'plain', caller: async () => itemCaller({}) },
  { name: 'a middleware that does nothing', peer: 'plain', caller: ignoredBearerMiddlewareCaller },
  {
    name: 'the same steps, all empty',
    peer: 'plain',
    variant: 'steps',
    caller: ignoredBearerMiddlewareCaller,
  },
  { name: 'Latchkey', isNeeded: true, peer: 'latchkey', caller: latchkeyItemCaller },
  { name: 'Latchkey, unprotected', peer: 'latchkey', caller: latchkeyOpenItemCaller },
  {
    name: HAND_WRITTEN,
    isNeeded: true,
    peer: 'jsonwebtoken',
    variant: 'cache',
    caller: bearerItemCaller,
  },
  { name: 'hand-written, key object', peer: 'jsonwebtoken', variant: 'key', caller: bearerItemCaller },
  { name: 'hand-written, secret as text', peer: 'jsonwebtoken', variant: 'string', caller: bearerItemCaller },
  { name: 'express-session, connect-mongo', peer: 'expressSession', caller: expressSessionItemCaller },
  {
    name: 'better-auth, cookie cache',
    peer: 'betterAuth',
    variant: 'cookieCache',
    caller: betterAuthItemCaller,
  },
  { name: 'better-auth, database', peer: 'betterAuth', variant: 'database', caller: betterAuthItemCaller },
];

export const guard: Scenario = {
  summary: 'a protected query beside the same query without sign-in, and beside other ways to protect it',
  async run(options) {
    const samples = await comparePeers(plans, options);
    const goal = { title: 'guard', name: 'Latchkey', reference: HAND_WRITTEN, atLeast: 0.97 };
    return { tables: [toTable('guard', samples)], goals: [judgeCpu(samples, goal)] };
  },
};
