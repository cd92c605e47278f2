import type { AppRouter } from '@latchkey/api/router';
import { authLink, createSession } from '@latchkey/client';
import { createTRPCClient, httpBatchLink } from '@trpc/client';

/** A page with only a session; `?alone` takes away what tabs use to talk to each other. */
const OPTIONS = location.search.includes('alone') ? { channel: false as const, locks: false as const } : {};
const session = createSession({ url: '/trpc', timeout: 60_000, ...OPTIONS });
const trpc = createTRPCClient<AppRouter>({
  links: [authLink(session), httpBatchLink({ url: '/trpc', headers: headersOf })],
});
const statuses: string[] = [];
session.subscribe(() => statuses.push(session.getSnapshot().status));

const tokens = new Set<unknown>();
let isCalling = false;

const kit = {
  session,
  trpc,
  /** Every status that the session has had. */
  statuses,
  whoAmI: async () => (await trpc.auth.me.query()).username,
  /** Calls until `stopCalling`; resolves to the number of answered calls, the errors of the others, and the number of tokens used. */
  keepCalling: async () => {
    const failures: string[] = [];
    let answered = 0;
    tokens.clear();
    for (isCalling = true; isCalling; await new Promise((resolve) => setTimeout(resolve, 50)))
      await kit.whoAmI().then(
        () => answered++,
        (error) => failures.push(String(error)),
      );
    return { answered, failures, tokens: tokens.size };
  },
  stopCalling: () => {
    isCalling = false;
  },
};

function headersOf(...about: Parameters<typeof session.headers>) {
  const headers = session.headers(...about);
  tokens.add(headers.authorization);
  return headers;
}

declare global {
  interface Window {
    kit: typeof kit;
  }
}

window.kit = kit;
