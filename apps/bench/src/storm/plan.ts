import { z } from 'zod';

export const stormPlan = z.object({
  origin: z.string(),
  path: z.string(),
  identifiers: z.array(z.string()),
});
export type StormPlan = z.infer<typeof stormPlan>;

export const stormReport = z.object({ signIns: z.number(), refused: z.number(), seconds: z.number() });
export type StormReport = z.infer<typeof stormReport>;
