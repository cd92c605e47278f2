import { setMaxListeners } from 'node:events';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { AuthMail, AuthMailer, AuthMailKind } from './authMail.js';

/** Makes a mail, or nothing if none is to be sent. */
type ComposeMail = () => AuthMail | undefined | Promise<AuthMail | undefined>;

const HEAD_START_MS = 100;
const PAUSES_MS = [1_000, 10_000, 60_000];
const CONCURRENCY = 4;
/** How long `stop` waits for mails that are being sent. */
const LAST_CALL_MS = 2_000;
/** How long it then waits until the others are given up. */
const GIVING_UP_MS = 100;

/**
 * Sends mails beside the requests that cause them. The outbox is in memory, because the links in the mails are
 * secrets that are stored nowhere. Mails that a process had not sent when it died are lost; people ask for another.
 */
export type Outbox = ReturnType<typeof createOutbox>;

export function createOutbox(options: {
  mailer: AuthMailer;
  /** Receives the error of every mail that will not be sent. */
  onError: (error: unknown, kind: AuthMailKind) => void;
  /**
   * Pause before the first attempt, in milliseconds, so that the request is answered first.
   *
   * @default 100
   */
  headStartMs?: number;
  /**
   * How many mails may wait.
   *
   * @default 1_000
   */
  maxWaiting?: number;
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}) {
  const { mailer, onError, headStartMs = HEAD_START_MS, maxWaiting = 1_000, wait = pause } = options;
  const queue = new PQueue({ concurrency: CONCURRENCY });
  /** Aborted first, so that new mails go out at once; `stopping` then gives up the rest. */
  const hurrying = new AbortController();
  const stopping = new AbortController();
  // Every waiting mail listens to these; Node takes more than ten listeners for a leak.
  setMaxListeners(0, hurrying.signal, stopping.signal);
  const underWay = new Map<Promise<void>, AuthMailKind>();

  async function deliver(compose: ComposeMail): Promise<void> {
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
        const pauseMs = PAUSES_MS[attempt];
        if (pauseMs === undefined || stopping.signal.aborted) throw error;
        // A stop ends the pause; the error to report is that of the mail.
        await wait(pauseMs, stopping.signal).catch(() => {
          throw error;
        });
      }
    }
  }

  return {
    /**
     * Sends the mail that `compose` makes, in the background. It starts after the request is answered, so that the
     * time of the answer tells nothing about the mail. A failed mail is tried again, and is composed only once.
     */
    post(kind: AuthMailKind, compose: ComposeMail): void {
      if (underWay.size >= maxWaiting) {
        onError(new Error('Too many mails are waiting.'), kind);
        return;
      }
      const delivery = deliver(compose)
        .catch((error: unknown) => onError(error, kind))
        .finally(() => underWay.delete(delivery));
      underWay.set(delivery, kind);
    },

    /** Waits a moment for the mails under way and reports the others to `onError`. */
    async stop(): Promise<void> {
      hurrying.abort();
      await immediate();
      await atMost(LAST_CALL_MS, queue.onIdle());
      stopping.abort(new Error('The server stopped before the mail was sent.'));
      await atMost(GIVING_UP_MS, Promise.all(underWay.keys()));
      for (const kind of underWay.values()) {
        onError(new Error('The server stopped while the mail was being sent.'), kind);
      }
    },
  };
}

async function atMost(milliseconds: number, awaited: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([awaited, sleep(milliseconds, undefined, { signal: over.signal })]);
  over.abort();
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return sleep(milliseconds, undefined, { signal, ref: false });
}
