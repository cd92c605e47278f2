import { createAuthCall } from './authCall.js';
import { AuthError } from './authError.js';
import { createInTurn } from './inTurn.js';
import { createPause } from './pause.js';
import { endReason, isUnanswered, signedOut } from './refusals.js';
import { retryDelay } from './retryDelay.js';
import type { EndReason, LinkRequest, Session, SessionOptions, SessionSnapshot } from './sessionTypes.js';
import { createSnapshotStore } from './snapshotStore.js';
import { openTabChannel, type TabMessage } from './tabChannel.js';
import { createTabLock } from './tabLock.js';
import { isHidden, onWake } from './wake.js';
import type { Credentials, User } from './wire.js';

interface Held extends Credentials {
  /** When the access token ends, on the monotonic clock; 0 once the server's guard refused it. */
  until: number;
  readonly renewAt: number;
}

interface Failure {
  readonly error: AuthError;
  readonly count: number;
  readonly retryAt: number;
  /** When the server allows another try, should the network come back before `retryAt`. */
  readonly earliest: number;
}

const LONGEST_TIMER = 2 ** 31 - 1;
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
    locks = globalThis.navigator?.locks,
  } = options;
  const name = `latchkey:${options.url}`;
  const call = createAuthCall(options, timers);
  const pause = createPause(timers);
  const alone = createTabLock(locks, { name, patience: () => 1000 + 500 * random(), pause });
  /** One call of the session's own after the other: the answers' cookies arrive in the order of the calls. */
  const inTurn = createInTurn();
  const store = createSnapshotStore();
  const sentTokens = new WeakMap<object, string>();
  /** Sessions that ended here: no late answer may bring them back. */
  const over = new Set<string>();
  /** Sessions that another took the place of: another tab's late message must not bring them back. */
  const superseded = new Set<string>();

  let held: Held | undefined;
  let ended: EndReason | undefined;
  let anonymous = false;
  let failure: Failure | undefined;
  let flight: { controller: AbortController; done: Promise<void> } | undefined;
  let episode: string | undefined;
  /** Headers of a sign-out that the server has not confirmed. */
  let leaving: Record<string, string> | undefined;
  let timer: unknown;

  const isUsable = () => held !== undefined && clock() < held.until;

  const view = (): SessionSnapshot => {
    if (ended) return { status: 'ended', user: null, reason: ended };
    if (failure && !isUsable())
      return { status: 'unreachable', user: held?.user ?? null, error: failure.error };
    if (!held) return { status: anonymous ? 'anonymous' : 'restoring', user: null };
    const { user, session } = held;
    return { status: flight ? 'refreshing' : 'authenticated', user, expiresAt: session.expiresAt };
  };

  const publish = () => store.set(view());

  const schedule = () => {
    timers.clearTimeout(timer);
    const at = failure?.retryAt ?? held?.renewAt;
    if (at !== undefined) timer = timers.setTimeout(() => wake(at), Math.min(at - clock(), LONGEST_TIMER));
  };

  /** A page that nobody sees renews nothing by itself: it would keep its session from idling out. */
  const wake = (due = failure?.earliest ?? held?.renewAt) => {
    if (due === undefined || flight) return;
    if (clock() < due) schedule();
    else if (leaving) quietly(leave());
    else if (failure || !isHidden()) quietly(renew());
  };

  const cutFlight = () => {
    flight?.controller.abort();
    flight = undefined;
  };

  const isOlder = ({ session: { id, generation } }: Credentials, until: number) =>
    held?.session.id === id && (generation - held.session.generation || until - held.until) < 0;

  const adopt = (credentials: Credentials) => {
    const { id, generation } = credentials.session;
    const life = credentials.expiresIn * 1000;
    const until = clock() + life;
    if (isOlder(credentials, until)) return;
    const before = held?.session;
    if (before && before.id !== id) superseded.add(before.id);
    superseded.delete(id);
    cutFlight();
    if (before?.id !== id || before.generation !== generation) episode = undefined;
    // A random moment of the second half of its life: no thief can tell when, and tabs do not meet.
    held = { ...credentials, until, renewAt: until - life * (0.05 + 0.45 * random()) };
    ended = failure = leaving = undefined;
    schedule();
    publish();
  };

  const adoptAndTell = (credentials: Credentials) => {
    adopt(credentials);
    channel.post({ credentials });
  };

  const end = (reason: EndReason) => {
    if (held) over.add(held.session.id);
    held = failure = episode = undefined;
    ended = reason;
    cutFlight();
    timers.clearTimeout(timer);
    publish();
  };

  const endAndTell = (reason: EndReason) => {
    const id = held?.session.id;
    end(reason);
    if (id) channel.post({ ended: id, reason });
  };

  const hear = (message: TabMessage) => {
    if ('ended' in message) {
      over.add(message.ended);
      if (held?.session.id === message.ended) end(message.reason);
      return;
    }
    const { id } = message.credentials.session;
    if (over.has(id) || superseded.has(id)) return;
    adopt(message.credentials);
  };

  const fail = (error: AuthError) => {
    const count = (failure?.count ?? 0) + 1;
    const now = clock();
    const { retryAfter = 0 } = error;
    failure = {
      error,
      count,
      retryAt: now + retryDelay(count, { retryAfter, random }),
      earliest: now + retryAfter * 1000,
    };
    schedule();
  };

  /** Draws the consequence of a failed refresh; returns the error of those who wait, if they cannot go on. */
  const settleFailure = (error: AuthError): AuthError | undefined => {
    const reason = endReason(error);
    if (!reason) fail(error);
    else if (held) {
      if (reason === 'REFRESH_MISSING') console.warn('Latchkey: no refresh cookie. Are cookies blocked?');
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
    if (signal.aborted) throw signedOut();
    episode ??= crypto.getRandomValues(new Uint32Array(4)).join('-');
    const headers = { 'x-latchkey-episode': episode };
    const credentials = (await call('refresh', { signal, headers })) as Credentials;
    if (signal.aborted) return;
    if (over.has(credentials.session.id)) end('SIGNED_OUT');
    else adoptAndTell(credentials);
  };

  const refreshOnce = async (signal: AbortSignal, tries = 1): Promise<AuthError | undefined> => {
    let error: unknown;
    try {
      await inTurn(() => requestRefresh(signal));
    } catch (cause) {
      error = cause;
    }
    // Cut short by a sign-out, or by a newer token from elsewhere.
    if (signal.aborted) return isUsable() ? undefined : signedOut();
    if (!error) return undefined;
    const known =
      error instanceof AuthError ? error : new AuthError('The server did not answer', { cause: error });
    if (known.data?.reason !== 'REFRESH_STALE' || tries > 3) return settleFailure(known);
    // A late duplicate of an older request: the cookie jar may hold the newer token already.
    await pause(random() * 500 * tries, signal);
    return refreshOnce(signal, tries + 1);
  };

  const renew = (): Promise<void> => {
    if (flight) return flight.done;
    const controller = new AbortController();
    const { signal } = controller;
    const done = alone(() => refreshOnce(signal), signal).then((error) => {
      if (flight?.controller === controller) flight = undefined;
      if (!ended) schedule();
      publish();
      if (error) throw error;
    });
    flight = { controller, done };
    publish();
    return done;
  };

  const ready = (): Promise<void> | undefined => {
    if (held ? isUsable() : ended || anonymous) return undefined;
    publish(); // the token may have ended in an outage, which no timer tells of
    const isResting = failure && !flight && clock() < failure.retryAt;
    const renewal = isResting ? Promise.reject(failure?.error) : renew();
    return options.waitWhenUnreachable ? renewal.catch(untilReachable) : renewal;
  };

  const untilReachable = async (error: unknown): Promise<void> => {
    if (view().status !== 'unreachable') throw error;
    await new Promise<void>((resolve) => {
      const stop = store.changes.add(() => {
        if (store.get().status === 'unreachable') return;
        stop();
        resolve();
      });
    });
    await ready();
  };

  const leave = () =>
    inTurn(async () => {
      if (!leaving) return; // somebody signed in meanwhile: the cookie is theirs now
      try {
        await call('logout', { headers: leaving });
      } catch (error) {
        if (isUnanswered(error)) return fail(error);
      }
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
    refresh: renew,
    restore: async () => {
      if (store.get().status === 'restoring') await renew().catch(() => {});
      return store.get();
    },
    link: {
      ready,
      renew: async (context, fallback) => {
        if (held && held.accessToken === (sentTokens.get(context) ?? fallback)) {
          held.until = 0;
          await ready();
        }
        return held !== undefined;
      },
      token: () => held?.accessToken,
      owner: () => held?.user.id,
    },
    close: () => {
      timers.clearTimeout(timer);
      stopWaking();
      cutFlight();
      channel.close();
    },
  };

  if (inBrowser) void session.restore();
  return session;
};
