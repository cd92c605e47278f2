import type { AppRouter } from '@latchkey/api/router';
import { authLink, createSession } from '@latchkey/client';
import { createTRPCClient, httpBatchLink } from '@trpc/client';

/** A page with nothing in it but a session; `?alone` takes from it what tabs use to speak with each other. */
const options = location.search.includes('alone') ? { channel: false as const, locks: false as const } : {};
const session = createSession({ url: '/trpc', timeout: 60_000, ...options });
const trpc = createTRPCClient<AppRouter>({
  links: [authLink(session), httpBatchLink({ url: '/trpc', headers: session.headers })],
});
const statuses: string[] = [];
session.subscribe(() => statuses.push(session.getSnapshot().status));

const kit = {
  session,
  trpc,
  /** Every status that the session has taken. */
  statuses,
  whoAmI: async () => (await trpc.auth.me.query()).username,
  /** Calls for so long, and so often at least; answers how many calls were answered, and what went wrong. */
  keepCalling: async (milliseconds: number, atLeast = 0) => {
    const failures: string[] = [];
    let answered = 0;
    const until = performance.now() + milliseconds;
    while (performance.now() < until || answered + failures.length < atLeast) {
      await kit.whoAmI().then(
        () => answered++,
        (error) => failures.push(String(error)),
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return { answered, failures };
  },
};

declare global {
  interface Window {
    kit: typeof kit;
  }
}

window.kit = kit;
