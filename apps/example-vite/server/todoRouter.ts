import { z } from 'zod';
import { TodoModel } from './todoModel.js';
import { protectedProcedure, t } from './trpc.js';

const todo = z.object({ id: z.string().max(64), text: z.string(), addedAt: z.date() });

export const todoRouter = t.router({
  list: protectedProcedure.output(z.array(todo)).query(async ({ ctx }) => {
    const todos = await TodoModel.find({ owner: ctx.session.userId }).sort({ addedAt: -1 });
    return todos.map(({ _id, text, addedAt }) => ({ id: _id, text, addedAt }));
  }),

  /** The id is the page's, so that adding the same again is no second one. */
  add: protectedProcedure
    .input(todo.pick({ id: true }).extend({ text: z.string().min(1).max(200) }))
    .mutation(async ({ ctx, input: { id, text } }) => {
      const fields = { text, addedAt: new Date(), addedBy: ctx.requestId };
      await TodoModel.updateOne(
        { _id: id, owner: ctx.session.userId },
        { $setOnInsert: fields },
        { upsert: true },
      );
    }),

  remove: protectedProcedure.input(todo.pick({ id: true })).mutation(async ({ ctx, input }) => {
    await TodoModel.deleteOne({ _id: input.id, owner: ctx.session.userId });
  }),
});
