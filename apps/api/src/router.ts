import type { Auth } from '@latchkey/server';
import type { NoteFeed } from './notes/noteFeed.js';
import type { Notes } from './notes/notes.js';
import { createNotesRouter } from './notes/notesRouter.js';
import { createTrpc } from './trpc.js';
import { createWhoami } from './whoami.js';

export interface AppRouterParts {
  auth: Auth;
  notes: Notes;
  feed: NoteFeed;
  /** Aborts when the process begins to shut down. */
  stopping: AbortSignal;
}

/** Creates the router: Latchkey's procedures in `auth` and `admin`, and the demo's. */
export function createAppRouter({ auth, ...parts }: AppRouterParts) {
  const t = createTrpc(auth);
  return t.router({
    auth: auth.router,
    admin: auth.adminRouter,
    notes: createNotesRouter({ t, auth, ...parts }),
    whoami: createWhoami({ t, auth }),
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;
