import { auth } from './auth.js';
import { todoRouter } from './todoRouter.js';
import { t } from './trpc.js';

export const appRouter = t.router({ auth: auth.router, todo: todoRouter });

export type AppRouter = typeof appRouter;
