import { createTRPCClient, httpBatchLink } from '@trpc/client';
import superjson from 'superjson';
import { authLink, createSession, withTokenStore } from '../../src/index.js';
import { fileTokenStore } from '../../src/tokenStore/node.js';
import type { RealRouter } from '../realServer.js';

/** What a worker process does with a token file: `worker.ts TASK FILE [URL]`. */
const [, , task = '', file = '', url = ''] = process.argv;
const store = fileTokenStore(file);

function say(word: string) {
  return process.stdout.write(`${word}\n`);
}

const forever = new Promise<void>(() => {});
// A promise alone keeps no process alive.
setInterval(() => {}, 1_000);

const tasks: Record<string, () => Promise<void>> = {
  /** Adds one to the number in the file, a hundred times. */
  count: async () => {
    for (let round = 0; round < 100; round++)
      await store.exclusively?.(async () => store.set(String(Number((await store.get()) ?? 0) + 1)));
  },

  /** Takes the file's lock, and never gives it back. */
  'hold the lock': async () => {
    await store.exclusively?.(async () => {
      say('holding');
      await forever;
    });
  },

  /** Refreshes, and stops for good with the answer at hand, before it is kept. */
  'stop before keeping': async () => {
    const set = async () => {
      say('answered');
      await forever;
    };
    await createSession(withTokenStore({ url, transformer: superjson }, { ...store, set })).refresh();
  },

  /** Makes one call after the other. */
  call: async () => {
    const session = createSession(withTokenStore({ url, transformer: superjson }, store));
    const trpc = createTRPCClient<RealRouter>({
      links: [authLink(session), httpBatchLink({ url, transformer: superjson, headers: session.headers })],
    });
    for (;;) {
      await trpc.echo.query(new Date());
      say('called');
    }
  },
};

await tasks[task]?.();
process.exit();
