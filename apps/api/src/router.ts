import type { Auth } from '@latchkey/server';
import type { NoteFeed } from './notes/noteFeed.js';
import type { Notes } from './notes/notes.js';
import { createNotesRouter } from './notes/notesRouter.js';
import { createTrpc } from './trpc.js';
import { createWhoami } from './whoami.js';

/** What the app's procedures are made of. */
export interface AppRouterParts {
  auth: Auth;
  notes: Notes;
  feed: NoteFeed;
  /** Aborted once the process begins to shut down. */
  stopping: AbortSignal;
}

/** All procedures: Latchkey's under `auth` and `admin`, the demo's own beside them. */
export function createAppRouter({ auth, ...parts }: AppRouterParts) {
  const t = createTrpc(auth);
  return t.router({
    auth: auth.router,
    admin: auth.adminRouter,
    notes: createNotesRouter({ t, auth, ...parts }),
    whoami: createWhoami({ t, auth }),
  });
}

/** The type that clients are built on. */
export type AppRouter = ReturnType<typeof createAppRouter>;
