import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadRequest, type LoadResponse, send } from '../load.js';
import { PASSWORD } from '../user.js';
import { type StormPlan, type StormReport, stormPlan } from './plan.js';

// Signs in with every identifier at once. Each signs in again when its response arrives or, if refused, after the time
// that Retry-After names.

const HEADERS = { 'content-type': 'application/json', 'x-latchkey': '1' };

let storm: ReturnType<typeof begin> | undefined;

process.on('message', async (message) => {
  if (message !== 'stop') {
    storm = begin(stormPlan.parse(message));
    process.send?.('begun');
  } else if (storm !== undefined) {
    process.send?.(await storm.stop());
  }
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');

function begin({ origin, path, identifiers }: StormPlan) {
  const agent = new Agent({ keepAlive: true });
  const stopping = new AbortController();
  setMaxListeners(identifiers.length, stopping.signal);
  const startedAt = performance.now();
  let signIns = 0;
  let refused = 0;

  const signInAgain = async (identifier: string) => {
    const body = JSON.stringify({ identifier, password: PASSWORD });
    const request: LoadRequest = { method: 'POST', path, headers: HEADERS, body };
    while (!stopping.signal.aborted) {
      const response = await send(origin, request, agent);
      if (stopping.signal.aborted) return;
      if (response.status === 200) signIns += 1;
      else {
        refused += 1;
        await sleep(retryAfterMs(response), undefined, { signal: stopping.signal });
      }
    }
  };

  const callers = identifiers.map((identifier) => signInAgain(identifier));
  const failed = Promise.all(callers).catch((error: unknown) => {
    // Requests that the end of the storm cuts off are no failures.
    if (!stopping.signal.aborted) throw error;
  });

  return {
    async stop(): Promise<StormReport> {
      const seconds = (performance.now() - startedAt) / 1_000;
      stopping.abort();
      agent.destroy();
      await failed;
      return { signIns, refused, seconds };
    },
  };
}

function retryAfterMs({ status, headers, body }: LoadResponse): number {
  const seconds = Number(headers['retry-after']);
  if (status !== 429 || !(seconds > 0)) throw new Error(`A sign-in failed with status ${status}: ${body}`);
  return seconds * 1_000;
}
