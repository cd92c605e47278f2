import { dehydrate } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import type { Request, Response } from 'express';
import { renderToPipeableStream } from 'react-dom/server';
import { Page, type PageState } from '../src/Page.js';
import { createClients } from '../src/trpc.js';
import { auth } from './auth.js';
import { appRouter } from './router.js';

/** Answers with the page, and the data of whoever asks for it in it. */
export async function renderPage(req: Request, res: Response): Promise<void> {
  const { user, context } = await auth.openPage({ req, res });
  const clients = createClients();
  const { queryClient } = clients;
  const ctx = { ...context, now: new Date() };
  const trpc = createTRPCOptionsProxy({ router: appRouter, ctx, queryClient });
  if (user) await queryClient.prefetchQuery(trpc.book.list.queryOptions());

  const state: PageState = { user, queries: dehydrate(queryClient) };
  const { pipe } = renderToPipeableStream(<Page clients={clients} state={state} />, {
    bootstrapScriptContent: `window.pageState = ${asScript(state)}`,
    bootstrapModules: ['/client.js'],
    onShellReady() {
      res.type('html');
      pipe(res);
    },
    onShellError: (error) => {
      console.error(error);
      res.status(500).end('Something went wrong on the server.');
    },
  });
}

/** JSON that no text in it can end the script with. */
function asScript(state: PageState) {
  return JSON.stringify(state).replaceAll('<', '\\u003c');
}
