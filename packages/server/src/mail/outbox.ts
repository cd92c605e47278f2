import { setMaxListeners } from 'node:events';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { AuthMail, AuthMailer, AuthMailKind } from './authMail.js';

/** Sends mails beside the requests that cause them. */
export interface Outbox {
  /**
   * Sends what `compose` makes, soon and in the background, once the answer to the request is on its way, so that
   * nothing of it shows in the answer's time; nothing is sent if it makes nothing. What fails is tried again; a mail made once stays the same.
   */
  post(kind: AuthMailKind, compose: () => AuthMail | Promise<AuthMail | undefined>): void;
  /** Waits a little for what is under way and gives up the rest, which `onError` hears of. */
  stop(): Promise<void>;
}

export interface OutboxOptions {
  readonly mailer: AuthMailer;
  /** Hears of every mail that will never be sent. */
  readonly onError: (error: unknown, kind: AuthMailKind) => void;
  /** Pause before the first try, in milliseconds: the answer to the request is to be gone by then. */
  readonly headStartMs?: number;
  /** Pauses before the second try and every further one, in milliseconds. */
  readonly pausesMs?: readonly number[];
  /** How many mails may wait. */
  readonly maxWaiting?: number;
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const HEAD_START_MS = 100;
const PAUSES_MS = [1_000, 10_000, 60_000];
const CONCURRENCY = 4;
/** How long `stop` waits for mails that are being sent, in milliseconds. */
const LAST_CALL_MS = 2_000;
/** How long it then waits for the others to be given up. */
const GIVING_UP_MS = 100;

/**
 * An outbox in memory: the links in the mails are secrets that are stored nowhere. What a process had not sent
 * when it died is lost, and its person asks for another.
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const { mailer, onError, headStartMs = HEAD_START_MS, pausesMs = PAUSES_MS } = options;
  const { maxWaiting = 1_000, wait = pause } = options;
  const queue = new PQueue({ concurrency: CONCURRENCY });
  /** Aborted first, so that new mails go out at once; then the rest is given up. */
  const hurrying = new AbortController();
  const stopping = new AbortController();
  // Every mail that waits listens to them; Node takes more than ten listeners for a leak.
  setMaxListeners(0, hurrying.signal, stopping.signal);
  const underWay = new Map<Promise<void>, AuthMailKind>();

  async function deliver(compose: () => AuthMail | Promise<AuthMail | undefined>): Promise<void> {
    await wait(headStartMs, hurrying.signal).catch(() => {});
    let composed: { mail: AuthMail | undefined } | undefined;
    for (let attempt = 0; ; attempt++) {
      try {
        return await queue.add(async () => {
          stopping.signal.throwIfAborted();
          composed ??= { mail: await compose() };
          if (composed.mail !== undefined) await mailer.send(composed.mail);
        });
      } catch (error) {
        const pauseMs = pausesMs[attempt];
        if (pauseMs === undefined || stopping.signal.aborted) throw error;
        // A stop cuts the pause short; the error to tell of is the mail's own.
        await wait(pauseMs, stopping.signal).catch(() => {
          throw error;
        });
      }
    }
  }

  return {
    post(kind, compose) {
      if (underWay.size >= maxWaiting) return onError(new Error('Too many mails are waiting.'), kind);
      const delivery = deliver(compose)
        .catch((error: unknown) => onError(error, kind))
        .finally(() => underWay.delete(delivery));
      underWay.set(delivery, kind);
    },
    async stop() {
      hurrying.abort();
      await immediate();
      await atMost(LAST_CALL_MS, queue.onIdle());
      stopping.abort(new Error('The server stopped before the mail was sent.'));
      await atMost(GIVING_UP_MS, Promise.all(underWay.keys()));
      for (const kind of underWay.values()) onError(new Error('The server stopped in mid-sending.'), kind);
    },
  };
}

async function atMost(milliseconds: number, awaited: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([awaited, sleep(milliseconds, undefined, { signal: over.signal })]);
  over.abort();
}

function pause(milliseconds: number, signal: AbortSignal) {
  return sleep(milliseconds, undefined, { signal, ref: false });
}
