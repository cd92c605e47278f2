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
import { goal, type Scenario } from '../scenario.js';

const plans: readonly PeerPlan[] = [
  { name: 'unprotected', peer: 'plain', caller: ignoredBearerItemCaller },
  { name: 'unprotected, no token sent', peer: 'plain', caller: async () => itemCaller({}) },
  { name: 'a middleware that does nothing', peer: 'plain', caller: ignoredBearerMiddlewareCaller },
  {
    name: 'the same steps, all empty',
    peer: 'plain',
    variant: 'steps',
    caller: ignoredBearerMiddlewareCaller,
  },
  { name: 'Latchkey', peer: 'latchkey', caller: latchkeyItemCaller },
  { name: 'Latchkey, unprotected', peer: 'latchkey', caller: latchkeyOpenItemCaller },
  {
    name: 'hand-written, key object and LRU',
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

/** What it costs to protect a query. */
export const guard: Scenario = {
  summary: 'a protected query beside the same query unprotected, and beside other ways to protect it',
  async run(options) {
    const table = { title: 'guard', rows: await comparePeers(plans, options) };
    return { tables: [table], goals: [goal(table, 'Latchkey', 0.97)] };
  },
};
