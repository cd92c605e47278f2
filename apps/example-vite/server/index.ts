import { fileURLToPath } from 'node:url';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express from 'express';
import { auth } from './auth.js';
import { openDatabase } from './database.js';
import { appRouter } from './router.js';
import { PORT } from './settings.js';
import { createContext } from './trpc.js';

const app = express();
app.use('/trpc', auth.express(), createExpressMiddleware({ router: appRouter, createContext }));
app.use(express.static(fileURLToPath(new URL('../web', import.meta.url))));

await openDatabase();
app.listen(PORT, 'localhost', () =>
  console.log(JSON.stringify({ msg: 'listening', url: `http://localhost:${PORT}` })),
);
