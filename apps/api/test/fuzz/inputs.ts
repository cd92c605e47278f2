import fc, { type Arbitrary } from 'fast-check';
import type { JsonSchema } from './procedures.js';

/** Plausible values by field name, so that many calls pass the schemas. */
export type Plausible = Readonly<Record<string, readonly string[]>>;

type Schema = JsonSchema | boolean | undefined;

/** Generates inputs that a schema allows. */
export function validInput(schema: Schema, plausible: Plausible, name = ''): Arbitrary<unknown> {
  if (schema === undefined || typeof schema === 'boolean') return fc.constant(undefined);
  const known = plausible[name];
  const described = byKind(schema, plausible, name);
  if (known === undefined || known.length === 0) return described;
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: described });
}

function byKind(schema: JsonSchema, plausible: Plausible, name: string): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined)
    return fc.oneof(...schema.anyOf.map((choice) => validInput(choice, plausible, name)));
  if (schema.type === 'object') return object(schema, plausible);
  if (schema.type === 'array') {
    const items = Array.isArray(schema.items) ? schema.items[0] : schema.items;
    return fc.array(validInput(items, plausible, name), { maxLength: 3 });
  }
  if (schema.type === 'string') return text(schema);
  if (schema.type === 'integer' || schema.type === 'number')
    return fc.integer({
      min: Math.max(schema.minimum ?? -5, -1e6),
      max: Math.min(schema.maximum ?? 200, 1e6),
    });
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'null') return fc.constant(null);
  return fc.jsonValue();
}

function object({ properties = {}, required = [] }: JsonSchema, plausible: Plausible) {
  // An optional id is one that the caller chooses.
  const { id: _id, ...others } = plausible;
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      validInput(schema, required.includes(name) ? plausible : others, name),
    ]),
  );
  return fc.record(fields, { requiredKeys: required });
}

function text({ minLength = 0, maxLength = 64, pattern }: JsonSchema): Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { size: 'small' });
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 64), unit: 'grapheme' });
}

/** What attackers send instead of a value. */
export const HOSTILE_VALUES: readonly unknown[] = [
  { $ne: null },
  { $gt: '' },
  { $regex: '.*' },
  { $where: 'sleep(1000)' },
  { _bsontype: 'ObjectId', id: 'aaaaaaaaaaaa' },
  ['a'],
  [['a']],
  [],
  {},
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'a\u0000b',
  '\ud800',
  '\u202eevil',
  '%00',
  '../../etc/passwd',
  '$where',
  '.*',
  'a@example.com,b@example.com',
  'a@example.com\r\nbcc: b@example.com',
  'constructor',
  '__proto__',
  'x'.repeat(3_000),
];

/** Keys that no schema knows; `__proto__` is an own key, as JSON makes it. */
const HOSTILE_KEYS = [
  'role',
  'roles',
  'emailVerified',
  '_id',
  'id',
  'userId',
  '$where',
  '__proto__',
  'constructor',
];

/** An input that is right but for one thing. */
function nearlyValid(valid: Arbitrary<unknown>): Arbitrary<unknown> {
  const fault = fc.record({
    kind: fc.constantFrom('replace', 'remove', 'add', 'wrap'),
    at: fc.nat(20),
    value: fc.constantFrom(...HOSTILE_VALUES),
    key: fc.constantFrom(...HOSTILE_KEYS),
  });
  return fc.tuple(valid, fault).map(([input, { kind, at, value, key }]) => {
    if (kind === 'wrap') return [input];
    const entries = Object.entries(typeof input === 'object' && input !== null ? input : {});
    if (kind === 'add') return Object.fromEntries([...entries, [key, value]]);
    const place = entries.length === 0 ? 0 : at % entries.length;
    return Object.fromEntries(
      entries.flatMap(([name, old], index) => {
        if (index !== place) return [[name, old]];
        return kind === 'remove' ? [] : [[name, value]];
      }),
    );
  });
}

/** Inputs with every hostile value in every field, and everything else as it should be. */
export function hostileFields(schema: JsonSchema | undefined, plausible: Plausible): unknown[] {
  if (schema?.type !== 'object') return [];
  const [input] = fc.sample(validInput(schema, plausible), { numRuns: 1, seed: 1 });
  return Object.keys(schema.properties ?? {}).flatMap((field) =>
    HOSTILE_VALUES.map((value) => ({ ...Object(input), [field]: value })),
  );
}

/** Anything that JSON can say. */
const anything = fc.oneof(
  fc.constantFrom(...HOSTILE_VALUES),
  fc.jsonValue(),
  fc.dictionary(fc.constantFrom(...HOSTILE_KEYS, 'text', 'token'), fc.constantFrom(...HOSTILE_VALUES)),
);

/** Valid, nearly valid and hostile inputs of a procedure. */
export function anyInput(schema: JsonSchema | undefined, plausible: Plausible): Arbitrary<unknown> {
  const valid = validInput(schema, plausible);
  return fc.oneof(
    { weight: 3, arbitrary: valid },
    { weight: 4, arbitrary: nearlyValid(valid) },
    { weight: 3, arbitrary: anything },
  );
}
