import { z } from 'zod';
import { auth } from './auth.js';
import { BookModel } from './bookModel.js';
import { protectedProcedure, t } from './trpc.js';

const book = z.object({ id: z.string().max(64), title: z.string().min(1).max(200) });

const bookRouter = t.router({
  list: protectedProcedure.output(z.array(book)).query(async ({ ctx }) => {
    const books = await BookModel.find({ owner: ctx.session.userId }).sort({ addedAt: -1 });
    return books.map(({ _id, title }) => ({ id: _id, title }));
  }),

  /** The id is the page's, so that adding the same again is no second one. */
  add: protectedProcedure.input(book).mutation(async ({ ctx, input: { id, title } }) => {
    await BookModel.updateOne(
      { _id: id, owner: ctx.session.userId },
      { $setOnInsert: { title, addedAt: ctx.now } },
      { upsert: true },
    );
  }),
});

export const appRouter = t.router({ auth: auth.router, book: bookRouter });

export type AppRouter = typeof appRouter;
