import type { z } from 'zod';
import type { JsonSchema } from './jsonSchemas.js';

type AnySchema = z.core.JSONSchema._JSONSchema;

/** Reads the input of a query from an address. */
export type QueryReader = (query: URLSearchParams) => unknown;

/** One value of a query parameter as the schema wants it; what does not fit is left to the schema to refuse. */
type Cast = (value: string) => unknown;

const castTo: Readonly<Record<string, Cast>> = {
  string: (value) => value,
  number: (value) => (/^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value),
  integer: (value) => (/^-?\d{1,15}$/.test(value) ? Number(value) : value),
  boolean: (value) => (value === 'true' ? true : value === 'false' ? false : value),
};

/**
 * The properties of a query's input, each a parameter of the address.
 *
 * @throws Error where the input is no object of texts, numbers, booleans or lists of those
 */
export function queryParameters(procedure: string, input: JsonSchema): [string, JsonSchema][] {
  const parameters = Object.entries(input.properties ?? {});
  const unfit = parameters.find(([, schema]) => castFor(schema) === undefined)?.[0];
  if (input.type === 'object' && unfit === undefined) {
    return parameters.map(([name, schema]): [string, JsonSchema] => [name, toObject(schema)]);
  }
  throw new Error(`${procedure} cannot be served over plain HTTP: its input does not fit into an address.`);
}

/** Makes the reader of a query's input; a parameter sent twice is a list, and refused where none is meant. */
export function createQueryReader(parameters: readonly [string, JsonSchema][]): QueryReader {
  const known = new Map(parameters);
  return (query) =>
    Object.fromEntries(
      [...new Set(query.keys())].map((name) => {
        const schema = known.get(name);
        const cast = (schema && castFor(schema)) ?? castTo.string;
        const values = query.getAll(name).map((value) => cast?.(value));
        return [name, values.length > 1 || schema?.type === 'array' ? values : values[0]];
      }),
    );
}

function castFor(schema: AnySchema): Cast | undefined {
  const { type, items, enum: members, anyOf } = toObject(schema);
  if (anyOf !== undefined) {
    // `null` is what a parameter that is not there may mean; it cannot be written.
    const [only, ...others] = anyOf.filter((choice) => toObject(choice).type !== 'null');
    return only === undefined || others.length > 0 ? undefined : castFor(only);
  }
  if (type === 'array') return items === undefined || Array.isArray(items) ? undefined : castFor(items);
  if (members?.every((member) => typeof member === 'string')) return castTo.string;
  return typeof type === 'string' ? castTo[type] : undefined;
}

const toObject = (schema: AnySchema): JsonSchema => (typeof schema === 'boolean' ? {} : schema);
