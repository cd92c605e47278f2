import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { anyRequest, type Caller, type FuzzRequest, hostileRequests } from './calls.js';
import { type FuzzServer, startFuzzServer } from './fuzzServer.js';
import type { Plausible } from './inputs.js';
import {
  COMMON_PASSWORD,
  isUntouched,
  newAdministrator,
  type Person,
  privateTo,
  register,
  signInAgain,
} from './people.js';
import { type Procedure, proceduresOf } from './procedures.js';
import { type FuzzAnswer, OWN_MARKS, send } from './send.js';

/** Every hostile value in every field, and some 200 random calls of each procedure. */
const CALL_COUNT = Number(process.env.FUZZ_CALLS ?? 6_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_101);
const WORKERS = 8;
const ENOUGH_FAULTS = 5;

let database: TestDatabase;
let server: FuzzServer;
let victims: Person[];
let bystander: Person;

beforeAll(async () => {
  database = await openTestDatabase();
  server = await startFuzzServer(database.connection);
  victims = await Promise.all(
    ['one', 'two', 'three'].map((word) => register(server.url, `quarry ${word} in the fog`)),
  );
  bystander = await register(server.url);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

/** What a caller may know or guess about others. Administrators do not know the victims, since they may change the people they know. */
function plausibleTo(caller: Caller): Plausible {
  const known = caller === 'administrator' ? [bystander] : [bystander, ...victims];
  const names = known.map(({ username }) => username);
  const emails = known.map(({ email }) => email);
  const passwords = [COMMON_PASSWORD, COMMON_PASSWORD, COMMON_PASSWORD, 'password123'];
  const newcomers = Array.from({ length: 200 }, (_, index) => `newcomer-${index}`);
  return {
    username: [...names, ...newcomers],
    identifier: [...Array<string>(8).fill('own-name'), ...names, ...emails, 'nobody'],
    email: [...emails, ...newcomers.map((name) => `${name}@example.com`)],
    password: passwords,
    currentPassword: passwords,
    newPassword: passwords,
    id: [
      ...OWN_MARKS,
      ...OWN_MARKS,
      ...known.flatMap(({ userId, sessionId, noteId }) => [userId, sessionId, noteId]),
    ],
    search: names,
    text: ['a note'],
  };
}

/** A worker's own member and administrator. They are replaced when a call has ended their session or account. */
async function createCast() {
  const cast = {
    member: await register(server.url),
    administrator: await newAdministrator(server.url, database.connection),
  };
  const isSignedIn = async ({ accessToken }: Person) =>
    (await fetch(`${server.url}/trpc/whoami`, { headers: { authorization: `Bearer ${accessToken}` } })).ok;
  return {
    sender: (caller: Caller) =>
      caller === 'member' || caller === 'administrator' ? cast[caller] : undefined,
    async mend(caller: Caller) {
      if (caller === 'member' && !(await isSignedIn(cast.member)))
        cast.member = await signInAgain(server.url, cast.member).catch(() => register(server.url));
      if (caller === 'administrator' && !(await isSignedIn(cast.administrator)))
        cast.administrator = await signInAgain(server.url, cast.administrator).catch(() =>
          newAdministrator(server.url, database.connection),
        );
    },
  };
}

/** Returns what is wrong with an answer. */
function faultsOf(request: FuzzRequest, { status, text, outcomes }: FuzzAnswer): string[] {
  const sent = JSON.stringify(request);
  const foreign = request.caller === 'administrator' ? [] : victims.flatMap(privateTo);
  return [
    ...[status, ...outcomes.map((outcome) => outcome?.httpStatus ?? 0)]
      .filter((each) => each >= 500)
      .map((each) => `answers ${each}`),
    ...outcomes
      .filter((outcome) => outcome?.httpStatus === 400 && outcome.reason === undefined)
      .map(() => 'refuses without a reason'),
    ...foreign
      .filter((secret) => text.includes(secret) && !sent.includes(secret))
      .map((secret) => `reveals ${secret}`),
    ...(/node_modules|\.[jt]s:\d+|Mongo\w*Error|CastError/.test(text) ? ['reveals internals'] : []),
  ];
}

function describeFault(
  index: number,
  { calls, ...request }: FuzzRequest,
  found: { faults: string[]; answer: unknown },
) {
  return JSON.stringify({
    seed: SEED,
    index,
    ...found,
    ...request,
    calls: calls.map(({ procedure, input }) => [procedure.name, input]),
  }).slice(0, 4_000);
}

/** Sends requests from several workers until enough calls are made. */
async function attack(requests: readonly FuzzRequest[]) {
  const faults: string[] = [];
  const called = new Set<string>();
  const succeeded = new Set<string>();
  let made = 0;
  let next = 0;
  const work = async () => {
    const cast = await createCast();
    while (made < CALL_COUNT && faults.length < ENOUGH_FAULTS) {
      const index = next++;
      const request = requests[index];
      if (request === undefined) return;
      made += request.calls.length;
      const answer = await send(server.url, request, cast.sender(request.caller)).catch(String);
      const found = typeof answer === 'string' ? [answer] : faultsOf(request, answer);
      if (found.length > 0) faults.push(describeFault(index, request, { faults: found, answer }));
      for (const [place, { procedure }] of request.calls.entries()) {
        called.add(procedure.name);
        if (
          typeof answer !== 'string' &&
          place < answer.outcomes.length &&
          answer.outcomes[place] === undefined
        )
          succeeded.add(procedure.name);
      }
      if (request.calls.some(({ procedure }) => mayEndSession(procedure))) await cast.mend(request.caller);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return { faults, called, succeeded, made };
}

function mayEndSession({ name, type }: Procedure) {
  return type === 'mutation' && !name.startsWith('notes.');
}

describe('D1, D2, D3, T12: whatever is sent to whichever procedure', () => {
  test('nothing fails inside, nothing hangs, nobody learns of others or changes what is theirs', async () => {
    const procedures = proceduresOf(server.router);
    const random = fc.sample(anyRequest(procedures, plausibleTo), {
      numRuns: Math.ceil(CALL_COUNT / 2),
      seed: SEED,
    });
    const requests = [...hostileRequests(procedures, plausibleTo), ...random];
    const { faults, called, succeeded, made } = await attack(requests);
    expect(faults.join('\n\n')).toBe('');
    expect(server.errors()).toEqual([]);
    expect(made).toBeGreaterThanOrEqual(CALL_COUNT);
    expect([...called].toSorted()).toEqual(procedures.map(({ name }) => name).toSorted());
    // Requests that never get past a schema would show little.
    expect([...succeeded]).toEqual(
      expect.arrayContaining([
        'auth.register',
        'auth.login',
        'auth.logout',
        'auth.me',
        'notes.create',
        'notes.list',
      ]),
    );
    for (const victim of victims) expect(await isUntouched(server.url, victim)).toBe(true);
  }, 300_000);
});
