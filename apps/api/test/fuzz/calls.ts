import fc, { type Arbitrary } from 'fast-check';
import { anyInput, hostileFields, type Plausible } from './inputs.js';
import type { Procedure } from './procedures.js';

export type Caller = 'nobody' | 'member' | 'administrator' | 'forger';

export interface Call {
  procedure: Procedure;
  input: unknown;
}

/** One HTTP request: a tRPC batch, a single tRPC call or plain HTTP. */
export interface FuzzRequest {
  by: 'batch' | 'trpc' | 'plain';
  caller: Caller;
  calls: Call[];
  /** Sent instead of the inputs. */
  rawBody: string | undefined;
  /** Whether the request obeys the CSRF rule. */
  ours: boolean;
}

const BROKEN_BODIES = [
  '',
  '{',
  'null',
  '[]',
  '"text"',
  '{"0":',
  '{"0":{}}',
  '{"__proto__":{"0":{}}}',
  '\u0000',
  '[[[[[[[',
];

/**
 * Generates requests for the procedures of a router. A batch has one kind of procedure, as tRPC requires.
 *
 * @param plausibleTo what each caller may know
 */
export function anyRequest(
  procedures: readonly Procedure[],
  plausibleTo: (caller: Caller) => Plausible,
): Arbitrary<FuzzRequest> {
  return fc.oneof(
    { weight: 6, arbitrary: requestOf('member', procedures, plausibleTo('member')) },
    { weight: 2, arbitrary: requestOf('administrator', procedures, plausibleTo('administrator')) },
    { weight: 1, arbitrary: requestOf('nobody', procedures, plausibleTo('nobody')) },
    { weight: 1, arbitrary: requestOf('forger', procedures, plausibleTo('forger')) },
  );
}

/** Every hostile value in every field of every procedure, in calls that are valid otherwise. */
export function hostileRequests(
  procedures: readonly Procedure[],
  plausibleTo: (caller: Caller) => Plausible,
): FuzzRequest[] {
  return procedures.flatMap((procedure) => {
    const caller = procedure.name.startsWith('admin.') ? 'administrator' : 'member';
    return hostileFields(procedure.input, plausibleTo(caller)).map((input) => ({
      by: 'trpc' as const,
      caller,
      calls: [{ procedure, input }],
      rawBody: undefined,
      ours: true,
    }));
  });
}

function requestOf(
  caller: Caller,
  procedures: readonly Procedure[],
  plausible: Plausible,
): Arbitrary<FuzzRequest> {
  const calls = new Map(
    procedures.map((procedure): [string, Arbitrary<Call>] => [
      procedure.name,
      anyInput(procedure.input, plausible).map((input) => ({ procedure, input })),
    ]),
  );
  const callOf = (wanted: (procedure: Procedure) => boolean) =>
    fc.oneof(...procedures.filter(wanted).flatMap(({ name }) => calls.get(name) ?? []));
  const several = (type: Procedure['type']) =>
    fc.array(
      callOf((procedure) => procedure.type === type),
      { minLength: 2, maxLength: 20 },
    );
  const one = (wanted: (procedure: Procedure) => boolean) => callOf(wanted).map((call) => [call]);
  const isPlain = ({ name, type }: Procedure) => /^(auth|admin)\./.test(name) && type !== 'subscription';
  const request = (by: FuzzRequest['by'], made: Arbitrary<Call[]>) =>
    fc.record({
      by: fc.constant(by),
      caller: fc.constant(caller),
      calls: made,
      rawBody: fc.oneof(
        { weight: 39, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constantFrom(...BROKEN_BODIES) },
      ),
      ours: fc.integer({ min: 0, max: 19 }).map((roll) => roll > 0),
    });
  return fc.oneof(
    { weight: 4, arbitrary: request('batch', several('mutation')) },
    { weight: 2, arbitrary: request('batch', several('query')) },
    {
      weight: 9,
      arbitrary: request(
        'trpc',
        one(() => true),
      ),
    },
    { weight: 9, arbitrary: request('plain', one(isPlain)) },
  );
}
