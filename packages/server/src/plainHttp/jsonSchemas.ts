import { z } from 'zod';
import { credentialsSchema, sessionInfoSchema, userSchema } from '../contract/index.js';
import { AUTH_REASONS } from '../errors/reasons.js';
import { okSchema } from '../procedures/schemas.js';
import type { PlainRoute } from './plainRoutes.js';

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The JSON Schemas of routes, by the names that an OpenAPI document gives them. */
export interface JsonSchemas {
  readonly byName: Readonly<Record<string, JsonSchema>>;
  /** What a route takes, if it takes anything. */
  inputName(route: PlainRoute): string | undefined;
  /** What a route answers, if its procedure says so. */
  outputName(route: PlainRoute): string | undefined;
}

/** A refusal, as plain HTTP answers it. */
const errorSchema = z.strictObject({
  error: z.strictObject({
    message: z.string(),
    code: z.int(),
    data: z.strictObject({
      code: z.string(),
      httpStatus: z.int(),
      path: z.string().optional(),
      reason: z.enum(AUTH_REASONS).optional(),
      retryAfter: z.number().optional().describe('Seconds.'),
      fields: z.record(z.string(), z.array(z.string())).optional(),
    }),
  }),
});

const COMMON = {
  User: userSchema,
  Credentials: credentialsSchema,
  Session: sessionInfoSchema,
  Done: okSchema,
  Error: errorSchema,
};

/** Where a schema of this name stands in an OpenAPI document. */
export const schemaAddress = (name: string) => `#/components/schemas/${name}`;

/**
 * Names and converts the schemas of routes. A schema is described as its sender sees it: inputs before their
 * transformations, outputs after.
 */
export function describeSchemas(routes: readonly PlainRoute[]): JsonSchemas {
  const inputs = z.registry<{ id: string }>();
  const outputs = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(COMMON)) outputs.add(schema, { id });
  for (const { procedure, input, output } of routes) {
    const name = toPascalCase(procedure);
    // A schema that several procedures share bears the name of the first.
    if (input !== undefined && !inputs.has(input)) inputs.add(input, { id: `${name}Input` });
    if (output !== undefined && !outputs.has(output)) outputs.add(output, { id: `${name}Output` });
  }
  const options = { uri: schemaAddress, unrepresentable: 'any' } as const;
  const converted = {
    ...z.toJSONSchema(outputs, { ...options, io: 'output' }).schemas,
    ...z.toJSONSchema(inputs, { ...options, io: 'input' }).schemas,
  };
  const nameIn = (registry: typeof inputs, schema: z.core.$ZodType | undefined) =>
    schema && registry.get(schema)?.id;
  return {
    byName: Object.fromEntries(
      Object.entries(converted).map(([name, schema]) => [name, toComponent(schema)]),
    ),
    inputName: ({ input }) => nameIn(inputs, input),
    outputName: ({ output }) => nameIn(outputs, output),
  };
}

/** Inside an OpenAPI document a schema is named by where it stands. */
function toComponent({ $schema: _dialect, $id: _id, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

const toPascalCase = (procedure: string) =>
  procedure.replace(/(?:^|\.)(.)/g, (_match, letter: string) => letter.toUpperCase());
