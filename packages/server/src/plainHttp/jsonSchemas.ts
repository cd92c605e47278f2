import { z } from 'zod';
import { credentialsSchema, sessionInfoSchema, userSchema } from '../contract/index.js';
import { AUTH_REASONS } from '../errors/reasons.js';
import { okSchema } from '../procedures/schemas.js';
import type { PlainRoute } from './plainRoutes.js';

/** A JSON Schema of draft 2020-12, the one that OpenAPI 3.1 uses. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

export type JsonSchemas = ReturnType<typeof describeSchemas>;

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

const commonSchemas = {
  User: userSchema,
  Credentials: credentialsSchema,
  Session: sessionInfoSchema,
  Done: okSchema,
  Error: errorSchema,
};

/** The address of a schema inside an OpenAPI document. */
export function schemaAddress(name: string): string {
  return `#/components/schemas/${name}`;
}

/**
 * Names and converts the schemas of routes. A schema describes what is sent: inputs before their transformations,
 * outputs after.
 */
export function describeSchemas(routes: readonly PlainRoute[]) {
  const inputs = z.registry<{ id: string }>();
  const outputs = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(commonSchemas)) outputs.add(schema, { id });
  for (const { procedure, input, output } of routes) {
    const name = toPascalCase(procedure);
    // A schema that several procedures share is named after the first of them.
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
  const byName: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
    Object.entries(converted).map(([name, schema]) => [name, toComponent(schema)]),
  );
  return {
    /** The schemas by the names that the OpenAPI document gives them. */
    byName,
    inputName: ({ input }: PlainRoute) => nameIn(inputs, input),
    outputName: ({ output }: PlainRoute) => nameIn(outputs, output),
  };
}

/** Inside an OpenAPI document the place of a schema is its id. */
function toComponent({ $schema: _dialect, $id: _id, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

function toPascalCase(procedure: string): string {
  return procedure.replace(/(?:^|\.)(.)/g, (_match, letter: string) => letter.toUpperCase());
}
