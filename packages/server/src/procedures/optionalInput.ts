import { shapingAll } from './guards.js';

/** For procedures that can do without input: a POST with nothing in it is a call without, and no broken JSON. */
export const optionalInput = shapingAll.use(({ ctx, getRawInput, next }) =>
  next({ getRawInput: async () => (ctx.latchkey.hasBody ? getRawInput() : undefined) }),
);
