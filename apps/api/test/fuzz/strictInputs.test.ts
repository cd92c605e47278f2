import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type FuzzServer, startFuzzServer } from './fuzzServer.js';
import { validInput } from './inputs.js';
import { newAdministrator, type Person } from './people.js';
import { type JsonSchema, type Procedure, proceduresOf } from './procedures.js';
import { plainPath, plainQuery } from './send.js';

let database: TestDatabase;
let server: FuzzServer;
/** May call everything, so that every refusal below comes from the schema. */
let caller: Person;
const commands: string[] = [];
const commandNames = new Set<string>();

beforeAll(async () => {
  database = await openTestDatabase();
  database.connection.getClient().on('commandStarted', ({ command, commandName }) => {
    commands.push(JSON.stringify(command));
    commandNames.add(commandName);
  });
  server = await startFuzzServer(database.connection);
  caller = await newAdministrator(server.url, database.connection);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

/** Marks hostile values, to find them in the commands to the database. */
const CANARY = 'canary-4d1f';

const WRONG_BY_TYPE: Readonly<Record<string, readonly unknown[]>> = {
  string: [
    { $ne: CANARY },
    { $gt: CANARY },
    { $regex: CANARY },
    { $where: CANARY },
    { _bsontype: 'ObjectId', id: CANARY },
    { toString: CANARY },
    [CANARY],
    [[CANARY]],
    {},
    [],
    true,
    12,
    `${CANARY}\u0000`,
    CANARY.repeat(1_000),
  ],
  number: [{ $gt: CANARY }, CANARY, '1', [1], [], {}, true, 1e308, -1e308],
  integer: [{ $gt: CANARY }, CANARY, '1', [1], [], {}, true, 1e308, -1e308, 1.5],
  boolean: [{ $ne: CANARY }, 'true', 1, [true], {}],
};
const UNKNOWN_KEYS = [
  'role',
  'emailVerified',
  '_id',
  '$where',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
];
const NO_OBJECTS = [CANARY, 7, true, [], [{}], [CANARY], null];

/** A valid input of a procedure, with all of its fields. */
function rightInput({ input }: Procedure): Record<string, unknown> {
  const whole = { ...input, required: Object.keys(input?.properties ?? {}) };
  const [made] = fc.sample(validInput(whole, {}), { numRuns: 1, seed: 7 });
  return z.record(z.string(), z.unknown()).parse(made);
}

function withKey(input: object, key: string, value: unknown) {
  return Object.fromEntries([...Object.entries(input), [key, value]]);
}

/** Values that a field must refuse. None if any type is allowed. */
function wrongValues(schema: JsonSchema | boolean): readonly unknown[] {
  if (typeof schema === 'boolean') return [];
  const options = schema.anyOf ?? [schema];
  const types = options.map((option) => (typeof option === 'boolean' ? undefined : option.type));
  const [type] = types.filter((each) => each !== 'null');
  return typeof type === 'string' ? (WRONG_BY_TYPE[type] ?? []) : [];
}

function wrongInputs(procedure: Procedure): unknown[] {
  const right = rightInput(procedure);
  return [
    ...NO_OBJECTS,
    ...UNKNOWN_KEYS.map((key) => withKey(right, key, CANARY)),
    ...Object.entries(procedure.input?.properties ?? {}).flatMap(([name, schema]) =>
      wrongValues(schema).map((value) => ({ ...right, [name]: value })),
    ),
  ];
}

const answerSchema = z.object({
  error: z
    .object({ data: z.looseObject({ httpStatus: z.number(), reason: z.string().optional() }) })
    .optional(),
});

function headers() {
  return {
    'content-type': 'application/json',
    'x-latchkey': '1',
    authorization: `Bearer ${caller.accessToken}`,
    cookie: caller.cookie,
  };
}

async function verdict(url: string, body: string | undefined) {
  const init = body === undefined ? {} : { method: 'POST', body };
  const res = await fetch(server.url + url, { ...init, headers: headers() });
  const text = await res.text();
  // A stream reports a refusal in an event.
  const [, refusal] = /^event: serialized-error\ndata: (.*)$/m.exec(text) ?? [];
  const { error } = answerSchema.parse(
    refusal === undefined ? JSON.parse(text) : { error: JSON.parse(refusal) },
  );
  return `${error?.data.httpStatus ?? res.status} ${error?.data.reason}`;
}

function byTrpc({ name, type }: Procedure, input: unknown) {
  const json = JSON.stringify(input);
  if (type === 'mutation') return verdict(`/trpc/${name}`, json);
  return verdict(`/trpc/${name}?input=${encodeURIComponent(json)}`, undefined);
}

function byPlainHttp({ name, type }: Procedure, input: unknown) {
  if (type === 'mutation') return verdict(plainPath(name, false), JSON.stringify(input));
  return verdict(`${plainPath(name, true)}?${plainQuery(input)}`, undefined);
}

describe('D1, D2: every procedure', () => {
  test('has a schema that is an object and refuses other keys', () => {
    for (const { name, input } of proceduresOf(server.router))
      expect({ name, type: input?.type, additionalProperties: input?.additionalProperties }).toEqual({
        name,
        type: 'object',
        additionalProperties: false,
      });
  });

  test('refuses operators, lists for texts, unknown keys, prototypes, null bytes and what is too long, over tRPC', async () => {
    for (const procedure of proceduresOf(server.router))
      for (const input of wrongInputs(procedure))
        expect(
          await byTrpc(procedure, input),
          `${procedure.name} ${JSON.stringify(input).slice(0, 300)}`,
        ).toBe('400 VALIDATION');
  });

  test('refuses them over plain HTTP', async () => {
    const plain = proceduresOf(server.router).filter(
      ({ name, type }) => /^(auth|admin)\./.test(name) && type !== 'subscription',
    );
    for (const procedure of plain) {
      const right = rightInput(procedure);
      // In a query string everything is text, so only these inputs are wrong.
      const inAddress = [
        ...UNKNOWN_KEYS.map((key) => withKey(right, key, CANARY)),
        ...Object.keys(right).flatMap((key) => [
          { ...right, [key]: [CANARY, CANARY] },
          { ...right, [key]: `${CANARY}\u0000` },
        ]),
      ];
      for (const input of procedure.type === 'query' ? inAddress : wrongInputs(procedure))
        expect(
          await byPlainHttp(procedure, input),
          `${procedure.name} ${JSON.stringify(input).slice(0, 300)}`,
        ).toBe('400 VALIDATION');
    }
  });

  test('lets nothing of it reach the database, and nobody else’s session suffer', async () => {
    expect(commands.length, 'commands were recorded').toBeGreaterThan(0);
    expect(commands.filter((command) => command.includes(CANARY))).toEqual([]);
    expect(await byTrpc({ name: 'auth.me', type: 'query', input: undefined }, {})).toBe('200 undefined');
  });
});

test('D6: the database is asked for what the role readWrite allows, and nothing else', () => {
  // https://www.mongodb.com/docs/manual/reference/built-in-roles/: besides these, commands that need no privilege.
  const readWrite = [
    'find',
    'getMore',
    'aggregate',
    'count',
    'distinct',
    'insert',
    'update',
    'delete',
    'findAndModify',
  ];
  const indexes = ['createIndexes', 'listIndexes', 'create'];
  const free = ['hello', 'ping', 'endSessions', 'buildInfo'];
  expect([...commandNames].filter((name) => ![...readWrite, ...indexes, ...free].includes(name))).toEqual([]);
  expect(commandNames).toContain('createIndexes');
  expect(commandNames).toContain('find');
});
