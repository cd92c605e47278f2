import { createAuthCall } from './authCall.js';
import type { AuthError } from './authError.js';
import { type Failure, failAt } from './failure.js';
import { compareAge, type Held, hold } from './held.js';
import { createInTurn } from './inTurn.js';
import { createPause } from './pause.js';
import { endReason, isUnanswered, signedOut } from './refusals.js';
import { createSentTokens } from './sentTokens.js';
import type { EndReason, Session, SessionLink, SessionOptions, SessionSnapshot } from './sessionTypes.js';
import { createSingleFlight } from './singleFlight.js';
import { createSnapshotStore } from './snapshotStore.js';
import { createStaleRetry } from './staleRetry.js';
import { openTabChannel, type TabMessage } from './tabChannel.js';
import { createTabLock } from './tabLock.js';
import { boundTimers } from './timers.js';
import { isHidden, onWake } from './wake.js';
import type { Credentials, User } from './wire.js';

/**
 * Creates the session of this browser: who is signed in, and an access token that is always fresh. In a browser it
 * restores itself at once, elsewhere when the first call asks for it.
 *
 * @example
 * export const session = createSession({ url: '/trpc' });
 * export const trpc = createTRPCClient<AppRouter>({
 *   links: [authLink(session), httpBatchLink({ url: '/trpc', headers: session.headers })],
 * });
 */
export const createSession = (options: SessionOptions): Session => {
  const inBrowser = 'document' in globalThis;
  const {
    clock = () => performance.now(),
    random = Math.random,
    locks = inBrowser && navigator.locks,
  } = options;
  const timers = boundTimers(options.timers ?? globalThis);
  const name = `latchkey:${options.url}`;
  const call = createAuthCall(options, timers);
  const pause = createPause(timers);
  const alone = createTabLock(locks, name, (signal) => pause(500 * (2 + random()), signal));
  /** One call of the session's own after the other: the answers' cookies arrive in the order of the calls. */
  const inTurn = createInTurn();
  const { events, set, leaves } = createSnapshotStore();
  /**
   * Sessions that are past: true if ended, which no late answer may undo; false if another took their place, which no
   * late message of another tab may undo.
   */
  const past = new Map<string, boolean>();

  const sent = createSentTokens(() => held?.accessToken);

  let held: Held | undefined;
  let ended: EndReason | undefined;
  let anonymous = false;
  let failure: Failure | undefined;
  let episode: string | undefined;
  /** Headers of a sign-out that the server has not confirmed. */
  let leaving: Record<string, string> | undefined;
  let timer: unknown;

  const isUsable = () => held && clock() < held.until;

  const view = (): SessionSnapshot => {
    if (ended) return { status: 'ended', user: null, reason: ended };
    const person = held && { user: held.user, expiresAt: held.session.expiresAt };
    if (failure && !isUsable()) return { status: 'unreachable', user: null, ...person, error: failure.error };
    if (person) return { status: flight.pending() ? 'refreshing' : 'authenticated', ...person };
    return { status: anonymous ? 'anonymous' : 'restoring', user: null };
  };

  const owner = () => held?.user.id;

  const publish = () => set(view());

  const schedule = () => {
    timers.clearTimeout(timer);
    const at = failure?.retryAt ?? held?.renewAt;
    if (at !== undefined) timer = timers.setTimeout(() => wake(at), at - clock());
  };

  /** A page that nobody sees renews nothing by itself: it would keep its session from idling out. */
  const wake = (due = failure?.earliest ?? held?.renewAt) => {
    if (due === undefined || flight.pending()) return;
    if (clock() < due) schedule();
    else if (leaving) leave().catch(() => {});
    else if (failure || !isHidden()) flight.join().catch(() => {});
  };

  const adopt = (credentials: Credentials) => {
    const before = held;
    const next = hold(credentials, clock(), random);
    const isSame = before?.session.id === next.session.id;
    if (before && isSame && compareAge(next, before) < 0) return;
    if (before) past.set(before.session.id, false);
    past.delete(next.session.id);
    if (!isSame || before.session.generation !== next.session.generation) episode = undefined;
    flight.cut();
    held = next;
    ended = failure = leaving = undefined;
    schedule();
    publish();
  };

  const adoptAndTell = (credentials: Credentials) => {
    adopt(credentials);
    channel?.postMessage({ credentials });
  };

  const end = (reason: EndReason) => {
    if (held) past.set(held.session.id, true);
    held = failure = episode = undefined;
    ended = reason;
    flight.cut();
    schedule();
    publish();
  };

  const endAndTell = (reason: EndReason) => {
    if (held) channel?.postMessage({ ended: held.session.id, reason });
    end(reason);
  };

  const hear = (message: TabMessage) => {
    if ('ended' in message) {
      past.set(message.ended, true);
      if (held?.session.id === message.ended) end(message.reason);
      return;
    }
    if (!past.has(message.credentials.session.id)) adopt(message.credentials);
  };

  const fail = (error: AuthError) => {
    failure = failAt(clock(), random, { error, count: (failure?.count ?? 0) + 1 });
    schedule();
  };

  /** Draws the consequence of a failed refresh; returns the error of those who wait, if they cannot go on. */
  const settleFailure = (error: AuthError): AuthError | undefined => {
    const reason = endReason(error);
    if (!reason) fail(error);
    else if (held) {
      if (reason === 'REFRESH_MISSING') console.warn('Latchkey: no cookies');
      endAndTell(reason);
    } else {
      anonymous = /^REFRESH_[MI]/.test(reason);
      failure = undefined;
      if (!anonymous) end(reason);
      return undefined; // nobody was signed in: calls go out as they are
    }
    return error;
  };

  const requestRefresh = async (signal: AbortSignal): Promise<undefined> => {
    if (signal.aborted) return;
    episode ??= crypto.getRandomValues(new Uint32Array(4)).join('-');
    const headers = { 'x-latchkey-episode': episode };
    const credentials = (await call('refresh', { signal, headers })) as Credentials;
    if (signal.aborted) return;
    if (past.get(credentials.session.id)) end('SIGNED_OUT');
    else adoptAndTell(credentials);
  };

  const ask = createStaleRetry((signal) => inTurn(() => requestRefresh(signal)), pause, random);

  const flight = createSingleFlight(
    (signal) =>
      alone(async () => {
        const error = await ask(signal);
        // Cut short by a sign-out, or by a newer token from elsewhere.
        if (signal.aborted) return isUsable() ? undefined : signedOut();
        return error && settleFailure(error);
      }, signal),
    () => {
      schedule();
      publish();
    },
  );

  const ready: SessionLink['ready'] = async (wait = options) => {
    if (held ? isUsable() : ended || anonymous) return;
    publish(); // the token may have ended in an outage, which no timer tells of
    try {
      if (failure && !flight.pending() && clock() < failure.retryAt) throw failure.error;
      await flight.join();
    } catch (error) {
      if (!wait.waitWhenUnreachable || events.getSnapshot().status !== 'unreachable') throw error;
      await leaves('unreachable');
      await ready(wait);
    }
  };

  const leave = () =>
    inTurn(async () => {
      if (!leaving) return; // somebody signed in meanwhile: the cookie is theirs now
      const answer = await call('logout', { headers: leaving }).catch((error: unknown) => error);
      if (isUnanswered(answer)) return fail(answer);
      leaving = failure = undefined;
    });

  const signIn = (procedure: string, input: object): Promise<User> =>
    inTurn(async () => {
      const headers = sent.authorization();
      const credentials = (await call(procedure, { input, headers })) as Credentials;
      adoptAndTell(credentials);
      return credentials.user;
    });

  const channel = openTabChannel(options.channel ?? (inBrowser && name), hear);
  const stopWaking = onWake(() => wake());

  const session: Session = {
    ...events,
    headers: (request) => ({ 'x-latchkey': '1', ...sent.authorization(request) }),
    login: (input) => signIn('login', input),
    register: (input) => signIn('register', input),
    logout: () => {
      leaving = sent.authorization();
      endAndTell('SIGNED_OUT');
      return leave();
    },
    adopt: adoptAndTell,
    refresh: flight.join,
    restore: async () => {
      if (events.getSnapshot().status === 'restoring') await flight.join().catch(() => {});
      return events.getSnapshot();
    },
    link: {
      ready,
      depart: (context) => {
        sent.authorization({ op: { context } });
        return owner();
      },
      renew: async (context, wait) => {
        if (!held) return false;
        if (sent.isCurrent(context)) held.until = 0;
        await ready(wait);
        return true;
      },
      owner,
      signIn,
      now: clock,
    },
    close: () => {
      timers.clearTimeout(timer);
      stopWaking();
      flight.cut();
      channel?.close();
    },
  };

  if (inBrowser) void session.restore();
  return session;
};
