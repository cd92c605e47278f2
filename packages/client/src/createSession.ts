import { createAuthCall } from './authCall.js';
import { AuthError } from './authError.js';
import { type Failure, failAgain } from './failure.js';
import { compareAge, type Held, hold } from './held.js';
import { createInTurn } from './inTurn.js';
import { createPause } from './pause.js';
import { endReason, isUnanswered, noAnswer, signedOut } from './refusals.js';
import type { EndReason, LinkRequest, Session, SessionOptions, SessionSnapshot } from './sessionTypes.js';
import { createSingleFlight } from './singleFlight.js';
import { createSnapshotStore } from './snapshotStore.js';
import { openTabChannel, type TabMessage } from './tabChannel.js';
import { createTabLock } from './tabLock.js';
import { isHidden, onWake } from './wake.js';
import type { Credentials, User } from './wire.js';

const quietly = (promise: Promise<unknown>): void => void promise.catch(() => {});

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
    timers = globalThis,
    locks = inBrowser && navigator.locks,
  } = options;
  const name = `latchkey:${options.url}`;
  const call = createAuthCall(options, timers);
  const pause = createPause(timers);
  const alone = createTabLock(locks, { name, patience: () => 500 * (2 + random()), pause });
  /** One call of the session's own after the other: the answers' cookies arrive in the order of the calls. */
  const inTurn = createInTurn();
  const store = createSnapshotStore();
  const sentTokens = new WeakMap<object, string>();
  /**
   * Sessions that are past: true if ended, which no late answer may undo; false if another took their place, which no
   * late message of another tab may undo.
   */
  const past = new Map<string, boolean>();

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
    if (failure && !isUsable())
      return { status: 'unreachable', user: held?.user ?? null, error: failure.error };
    if (!held) return { status: anonymous ? 'anonymous' : 'restoring', user: null };
    const { user, session } = held;
    return { status: flight.pending() ? 'refreshing' : 'authenticated', user, expiresAt: session.expiresAt };
  };

  const owner = () => held?.user.id;

  const publish = () => store.set(view());

  const schedule = () => {
    timers.clearTimeout(timer);
    const at = failure?.retryAt ?? held?.renewAt;
    // Browsers fire timers beyond 2^31 ms at once.
    if (at !== undefined) timer = timers.setTimeout(() => wake(at), Math.min(at - clock(), 1e9));
  };

  /** A page that nobody sees renews nothing by itself: it would keep its session from idling out. */
  const wake = (due = failure?.earliest ?? held?.renewAt) => {
    if (due === undefined || flight.pending()) return;
    if (clock() < due) schedule();
    else if (leaving) quietly(leave());
    else if (failure || !isHidden()) quietly(flight.join());
  };

  const adopt = (credentials: Credentials) => {
    const before = held;
    const next = hold(credentials, { now: clock(), random });
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
    timers.clearTimeout(timer);
    publish();
  };

  const endAndTell = (reason: EndReason) => {
    const id = held?.session.id;
    end(reason);
    if (id) channel?.postMessage({ ended: id, reason });
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
    failure = failAgain(failure, error, { now: clock(), random });
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
      anonymous = reason === 'REFRESH_MISSING' || reason === 'REFRESH_INVALID';
      failure = undefined;
      if (!anonymous) end(reason);
      return undefined; // nobody was signed in: calls go out as they are
    }
    return error;
  };

  const requestRefresh = async (signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return;
    episode ??= crypto.getRandomValues(new Uint32Array(4)).join('-');
    const headers = { 'x-latchkey-episode': episode };
    const credentials = (await call('refresh', { signal, headers })) as Credentials;
    if (signal.aborted) return;
    if (past.get(credentials.session.id)) end('SIGNED_OUT');
    else adoptAndTell(credentials);
  };

  const refreshOnce = async (signal: AbortSignal, tries = 1): Promise<AuthError | undefined> => {
    const error = await inTurn(() => requestRefresh(signal)).catch((cause: unknown) => cause);
    // Cut short by a sign-out, or by a newer token from elsewhere.
    if (signal.aborted) return isUsable() ? undefined : signedOut();
    if (!error) return undefined;
    const known = error instanceof AuthError ? error : noAnswer({ cause: error });
    if (known.data?.reason !== 'REFRESH_STALE' || tries > 3) return settleFailure(known);
    // A late duplicate of an older request: the cookie jar may hold the newer token already.
    await pause(random() * 500 * tries, signal);
    return refreshOnce(signal, tries + 1);
  };

  const flight = createSingleFlight(
    (signal) => alone(() => refreshOnce(signal), signal),
    () => {
      if (!ended) schedule();
      publish();
    },
  );

  const ready = async (): Promise<void> => {
    if (held ? isUsable() : ended || anonymous) return;
    publish(); // the token may have ended in an outage, which no timer tells of
    try {
      if (failure && !flight.pending() && clock() < failure.retryAt) throw failure.error;
      await flight.join();
    } catch (error) {
      if (!options.waitWhenUnreachable || store.get().status !== 'unreachable') throw error;
      await store.leaves('unreachable');
      await ready();
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
      const credentials = (await call(procedure, { input })) as Credentials;
      adoptAndTell(credentials);
      return credentials.user;
    });

  const authorization = ({ op, opList = op ? [op] : [] }: LinkRequest = {}): Record<string, string> => {
    const token = held?.accessToken;
    if (!token) return {};
    for (const { context } of opList) sentTokens.set(context, token);
    return { authorization: `Bearer ${token}` };
  };

  const channel = openTabChannel(options.channel ?? (inBrowser && name), hear);
  const stopWaking = onWake(() => wake());

  const session: Session = {
    getSnapshot: store.get,
    subscribe: store.changes.add,
    onEnded: store.onEnded,
    onIdentityChange: store.identities.add,
    headers: (request) => ({ 'x-latchkey': '1', ...authorization(request) }),
    login: (input) => signIn('login', input),
    register: (input) => signIn('register', input),
    logout: () => {
      leaving = authorization();
      endAndTell('SIGNED_OUT');
      return leave();
    },
    refresh: flight.join,
    restore: async () => {
      if (store.get().status === 'restoring') await flight.join().catch(() => {});
      return store.get();
    },
    link: {
      ready,
      depart: (context) => {
        authorization({ op: { context } });
        return owner();
      },
      renew: async (context) => {
        if (!held) return false;
        if (held.accessToken === sentTokens.get(context)) held.until = 0;
        await ready();
        return true;
      },
      owner,
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
