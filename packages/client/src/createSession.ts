import { createSentTokens } from './links/sentTokens.js';
import { createQueue } from './session/queue.js';
import { createRefresher } from './session/refresher.js';
import { dateCredentials } from './session/renewalTime.js';
import {
  credentialsOf,
  hasSignedOut,
  INITIAL_STATE,
  isUsable,
  maySend,
  nextAttempt,
  type SessionEvent,
  toSnapshot,
  transition,
} from './session/sessionState.js';
import { createSnapshotStore } from './session/snapshotStore.js';
import type { Session, SessionOptions, WaitOptions } from './session/types.js';
import { openTabChannel, type TabMessage } from './tabs/channel.js';
import { createTabLock } from './tabs/lock.js';
import { isHidden, onWake } from './tabs/wake.js';
import { boundTimers, createPause } from './timers.js';
import { createAuthCall } from './transport/authCall.js';
import type { AuthError } from './transport/authError.js';
import { dateFailure } from './transport/failure.js';
import { type EndReason, endReason, isUnanswered } from './transport/reasons.js';
import type { Credentials, User } from './transport/wire.js';

/**
 * Creates the session of this browser: who is signed in, and an access token that is always fresh. In a browser it
 * restores itself at once, elsewhere when the first call needs it.
 *
 * @example
 * export const session = createSession({ url: '/trpc' });
 * export const trpc = createTRPCClient<AppRouter>({
 *   links: [authLink(session), httpBatchLink({ url: '/trpc', headers: session.headers })],
 * });
 */
export function createSession(options: SessionOptions): Session {
  const inBrowser = 'document' in globalThis;
  const { clock = () => performance.now(), random = Math.random } = options;
  const name = `latchkey:${options.url}`;
  const timers = boundTimers(options.timers ?? globalThis);
  const pause = createPause(timers);
  const call = createAuthCall(options, timers);
  // One call of the session at a time: their cookies arrive in the order of the calls.
  const queue = createQueue();
  const { events, set, leaves } = createSnapshotStore();
  const { getSnapshot } = events;
  const sent = createSentTokens(() => credentialsOf(state)?.accessToken);

  let state = INITIAL_STATE;
  let timer: unknown;
  let isClosed = false;
  /** Groups the tries of one refresh in the server's log, until there are other credentials. */
  let episode = { of: '', id: '' };

  const date = (credentials: Credentials) => dateCredentials(credentials, clock(), random());
  const dateNext = (error: AuthError) =>
    dateFailure({ error, count: (state.failure?.count ?? 0) + 1 }, clock(), random());
  const owner = () => credentialsOf(state)?.user.id;
  const publish = () => set(toSnapshot(state, clock()));

  const update = (event: SessionEvent) => {
    state = transition(state, event);
    if (!state.isRefreshing) refresher.cut();
    schedule();
    publish();
  };

  const schedule = () => {
    timers.clearTimeout(timer);
    const next = nextAttempt(state);
    if (next && !isClosed) timer = timers.setTimeout(() => attempt(next.retryAt), next.retryAt - clock());
  };

  /** A page that nobody sees renews nothing by itself: that would keep its session from expiring when idle. */
  const attempt = (due = nextAttempt(state)?.earliest) => {
    if (due === undefined || state.isRefreshing) return;
    if (clock() < due) schedule();
    else if (hasSignedOut(state)) sendSignOut().catch(() => {});
    else if (state.failure || !isHidden()) refresher.join().catch(() => {});
  };

  const adopt = (credentials: Credentials, type: 'signedIn' | 'refreshed' = 'signedIn') => {
    update({ type, credentials: date(credentials) });
    // A session that has ended is not taken over.
    if (state.phase === 'signedIn') channel?.postMessage({ credentials });
  };

  const tellEnd = (reason: EndReason) => {
    const ended = credentialsOf(state)?.session.id;
    if (ended) channel?.postMessage({ ended, reason });
  };

  const receive = (message: TabMessage) => {
    if ('ended' in message) update({ type: 'endedElsewhere', ...message });
    else update({ type: 'signedInElsewhere', credentials: date(message.credentials) });
  };

  const requestRefresh = async (signal: AbortSignal) => {
    const of = JSON.stringify(credentialsOf(state)?.session ?? null);
    if (episode.of !== of) episode = { of, id: crypto.getRandomValues(new Uint32Array(4)).join('-') };
    const headers = { 'x-latchkey-episode': episode.id };
    return (await call('refresh', { signal, headers })) as Credentials;
  };

  const failRefresh = (error: AuthError) => {
    const reason = endReason(error);
    const wasSignedIn = state.phase === 'signedIn';
    if (wasSignedIn && reason === 'REFRESH_MISSING') console.warn('Latchkey: no cookies');
    if (reason) tellEnd(reason);
    update(reason ? { type: 'refreshRefused', reason } : { type: 'refreshFailed', failure: dateNext(error) });
    // Where nobody was signed in, calls go out without a token.
    if (wasSignedIn || !reason) throw error;
  };

  const refresher = createRefresher({
    request: requestRefresh,
    queue,
    lock: createTabLock(options.locks ?? (inBrowser && navigator.locks), name, (signal) =>
      pause(500 * (2 + random()), signal),
    ),
    pause,
    random,
    onStart: () => update({ type: 'refreshStarted' }),
    onSuccess: (credentials) => adopt(credentials, 'refreshed'),
    onFailure: failRefresh,
    isUsable: () => isUsable(state, clock()),
  });

  const ready = async (wait: WaitOptions = options): Promise<void> => {
    if (maySend(state, clock())) return;
    publish(); // The token may have ended during an outage, when no timer fires for it.
    try {
      const { failure, isRefreshing } = state;
      if (failure && !isRefreshing && clock() < failure.retryAt) throw failure.error;
      await refresher.join();
    } catch (error) {
      if (!wait.waitWhenUnreachable || getSnapshot().status !== 'unreachable') throw error;
      await leaves('unreachable');
      await ready(wait);
    }
  };

  const signIn = (procedure: string, input: object): Promise<User> =>
    queue(async () => {
      const headers = sent.authorization();
      const credentials = (await call(procedure, { input, headers })) as Credentials;
      adopt(credentials);
      return credentials.user;
    });

  const sendSignOut = () =>
    queue(async () => {
      if (!hasSignedOut(state)) return; // Another person has signed in, and the cookie is theirs.
      const answer = await call('logout', { headers: state.signOut }).catch((error: unknown) => error);
      if (isUnanswered(answer)) update({ type: 'signOutFailed', failure: dateNext(answer) });
      else update({ type: 'signOutConfirmed' });
    });

  const channel = openTabChannel(options.channel ?? (inBrowser && name), receive);
  const stopWaking = onWake(() => attempt());

  const session: Session = {
    ...events,
    headers: (request) => ({ 'x-latchkey': '1', ...sent.authorization(request) }),
    login: (input) => signIn('login', input),
    register: (input) => signIn('register', input),
    logout: () => {
      const headers = sent.authorization();
      tellEnd('SIGNED_OUT');
      update({ type: 'signedOut', headers });
      return sendSignOut();
    },
    adopt: (credentials) => adopt(credentials),
    refresh: refresher.join,
    restore: async () => {
      if (getSnapshot().status === 'restoring') await refresher.join().catch(() => {});
      return getSnapshot();
    },
    link: {
      ready,
      recordSent: (context) => {
        sent.authorization({ op: { context } });
        return owner();
      },
      renew: async (context, wait) => {
        if (state.phase !== 'signedIn') return false;
        if (sent.isCurrent(context)) update({ type: 'tokenRefused' });
        await ready(wait);
        return true;
      },
      owner,
      signIn,
      now: clock,
    },
    close: () => {
      isClosed = true;
      timers.clearTimeout(timer);
      stopWaking();
      refresher.cut();
      channel?.close();
    },
  };

  if (inBrowser) void session.restore();
  return session;
}
