import type { z } from 'zod';
import type { JsonSchema } from './jsonSchemas.js';

type AnySchema = z.core.JSONSchema._JSONSchema;

/** Reads the input of a query from a URL. */
export type QueryReader = (query: URLSearchParams) => unknown;

/** Converts one value of a parameter to the schema's type. A value that does not fit stays text, which the schema refuses. */
type Cast = (value: string) => unknown;

const casts: Readonly<Record<string, Cast>> = {
  string: (value) => value,
  number: (value) => (/^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value),
  integer: (value) => (/^-?\d{1,15}$/.test(value) ? Number(value) : value),
  boolean: (value) => (value === 'true' ? true : value === 'false' ? false : value),
};

/**
 * The properties of a query's input, each one a parameter of the URL.
 *
 * @throws Error where the input is not an object of strings, numbers, booleans and lists of them
 */
export function queryParameters(procedure: string, input: JsonSchema): [string, JsonSchema][] {
  const parameters = Object.entries(input.properties ?? {});
  const unfit = parameters.find(([, schema]) => castFor(schema) === undefined)?.[0];
  if (input.type === 'object' && unfit === undefined) {
    return parameters.map(([name, schema]): [string, JsonSchema] => [name, toObject(schema)]);
  }
  throw new Error(
    `${procedure} cannot be served over plain HTTP: the input of a query must be an object of strings, numbers, booleans and lists of them.`,
  );
}

/** A parameter that is sent twice is a list; the schema refuses it where it wants one value. */
export function createQueryReader(parameters: readonly [string, JsonSchema][]): QueryReader {
  const known = new Map(parameters);
  return (query) =>
    Object.fromEntries(
      [...new Set(query.keys())].map((name) => {
        const schema = known.get(name);
        const cast = (schema && castFor(schema)) ?? casts.string;
        const values = query.getAll(name).map((value) => cast?.(value));
        return [name, values.length > 1 || schema?.type === 'array' ? values : values[0]];
      }),
    );
}

function castFor(schema: AnySchema): Cast | undefined {
  const { type, items, enum: members, anyOf } = toObject(schema);
  if (anyOf !== undefined) {
    // A URL cannot express null; the parameter is left out instead.
    const [only, ...others] = anyOf.filter((choice) => toObject(choice).type !== 'null');
    return only === undefined || others.length > 0 ? undefined : castFor(only);
  }
  if (type === 'array') return items === undefined || Array.isArray(items) ? undefined : castFor(items);
  if (members?.every((member) => typeof member === 'string')) return casts.string;
  return typeof type === 'string' ? casts[type] : undefined;
}

function toObject(schema: AnySchema): JsonSchema {
  return typeof schema === 'boolean' ? {} : schema;
}
