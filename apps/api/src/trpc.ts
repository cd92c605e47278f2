import type { Auth, AuthContext } from '@latchkey/server';
import { initTRPC } from '@trpc/server';

/** Creates the app's tRPC, as every host app of Latchkey does: with its own context and settings. */
export function createTrpc({ errorFormatter }: Pick<Auth, 'errorFormatter'>) {
  return initTRPC.context<AuthContext>().create({
    isDev: false,
    errorFormatter,
    // Proxies cut off a stream that is silent for too long.
    sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 45_000 } },
  });
}

export type Trpc = ReturnType<typeof createTrpc>;
