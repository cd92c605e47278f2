import { ownProcedure } from './trpc.js';

/** For procedures that can do without input: a POST without a body is a call without input, not broken JSON. */
export const optionalInput = ownProcedure.use(({ ctx, getRawInput, next }) =>
  next({ getRawInput: async () => (ctx.latchkey.hasBody ? getRawInput() : undefined) }),
);
