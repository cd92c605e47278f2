import type { AnyTRPCRouter } from '@trpc/server';
import { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** A procedure by its description. */
export interface Procedure {
  name: string;
  type: 'query' | 'mutation' | 'subscription';
  /** Undefined if it takes no input. */
  input: JsonSchema | undefined;
}

const schema = z.instanceof(z.core.$ZodType);
const definition = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  inputs: z.array(schema).default([]),
});

/** Lists every procedure of a router. */
export function proceduresOf(router: AnyTRPCRouter): Procedure[] {
  const procedures: Record<string, { _def: unknown }> = router._def.procedures;
  return Object.entries(procedures).map(([name, { _def }]) => {
    const { type, inputs } = definition.parse(_def);
    const [input] = inputs;
    return { name, type, input: input && z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) };
  });
}
