import type { Auth, AuthContext } from '@latchkey/server';
import { initTRPC } from '@trpc/server';

/**
 * The app's own tRPC, like that of every host of Latchkey: its context, its settings, and Latchkey's guards
 * taken in by `concat`.
 */
export function createTrpc({ errorFormatter }: Pick<Auth, 'errorFormatter'>) {
  return initTRPC.context<AuthContext>().create({
    isDev: false,
    errorFormatter,
    // A stream that is silent for longer than a proxy's patience would be cut off.
    sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 45_000 } },
  });
}

/** The app's own tRPC. */
export type Trpc = ReturnType<typeof createTrpc>;
