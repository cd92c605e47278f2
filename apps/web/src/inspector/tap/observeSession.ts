import type { Credentials, Session, SessionOptions } from '@latchkey/client';
import type { Recorder } from './recorder.js';
import type { RefreshCause, SessionCallMark, TokenMark } from './tabMark.js';

/** Records a session through its `fetch` and its channel. */
export interface SessionObserver {
  /** The option `fetch` of the session. */
  readonly fetch: NonNullable<SessionOptions['fetch']>;
  /** Called with the session once it exists. */
  follow(session: Session): void;
  /** Called when the guard has refused a token. */
  refused(): void;
  /** Makes the session refresh now, and records that a person asked for it. */
  refresh(): Promise<void>;
}

interface Answer {
  readonly result?: { readonly data: Partial<Credentials> };
  readonly error?: { readonly data?: { readonly reason?: string } };
}

const KINDS = { refresh: 'refresh', login: 'sign-in', register: 'sign-in', logout: 'sign-out' } as const;

function kindOf(url: string): SessionCallMark['kind'] | undefined {
  const name = url.slice(url.lastIndexOf('.') + 1);
  return name in KINDS ? KINDS[name as keyof typeof KINDS] : undefined;
}

/** `channel` is the session's own channel between tabs. */
export function observeSession(recorder: Recorder, channel: string): SessionObserver {
  const { now } = recorder;
  let session: Session | undefined;
  let hint: RefreshCause | undefined = 'opening';
  let lastOwn = '';
  let isRefused = false;

  const causeNow = (): RefreshCause => {
    const token = recorder.token();
    const cause = hint ?? (token && now() < token.end - 1_000 ? 'ahead' : 'needed');
    hint = undefined;
    return cause;
  };

  const adopt = ({ session: about, accessToken, expiresIn }: Credentials, via: TokenMark['via']) => {
    if (via !== 'tab') lastOwn = accessToken;
    else if (accessToken === lastOwn) return;
    const { id, generation } = about;
    const before = recorder.token();
    const end = now() + expiresIn * 1_000;
    // Like the session: of one generation, the token that ends last is kept unless the guard has refused it.
    const isOlder =
      before?.session === id &&
      (generation < before.generation || (generation === before.generation && end < before.end));
    if (isOlder && !isRefused) return;
    isRefused = false;
    hint = undefined;
    recorder.put({ id: recorder.nextId(), kind: 'token', at: now(), end, session: id, generation, via });
  };

  const settle = (mark: SessionCallMark, { result, error }: Answer) => {
    const credentials = result?.data;
    const end = now();
    const before = recorder.token();
    if (!result) {
      const { reason } = error?.data ?? {};
      const outcome = error?.data ? 'refused' : 'unanswered';
      if (outcome === 'unanswered') hint = 'again';
      recorder.put({ ...mark, end, outcome, ...(reason && { reason }) });
    } else if (isCredentials(credentials)) {
      const { id, generation } = credentials.session;
      const replayed = mark.kind === 'refresh' && before?.session === id && before.generation === generation;
      recorder.put({ ...mark, end, outcome: 'answered', generation, replayed });
      adopt(credentials, mark.kind === 'refresh' ? 'refresh' : 'sign-in');
    } else recorder.put({ ...mark, end, outcome: 'answered' });
  };

  const fetchObserved: SessionObserver['fetch'] = async (input, init) => {
    const kind = kindOf(String(input));
    if (!kind) return fetch(input, init);
    const cause = kind === 'refresh' ? { cause: causeNow() } : {};
    const mark: SessionCallMark = { id: recorder.nextId(), kind, at: now(), ...cause };
    recorder.put(mark);
    try {
      const response = await fetch(input, init);
      // Read here and passed on as a copy, because the session aborts the request as soon as it has read the body.
      const body = await response.text();
      settle(mark, readAnswer(body));
      return new Response(body || null, response);
    } catch (error) {
      recorder.put({ ...mark, end: now(), outcome: 'unanswered' });
      hint = 'again';
      throw error;
    }
  };

  if ('BroadcastChannel' in globalThis) {
    new BroadcastChannel(channel).onmessage = ({ data }) => {
      if (data?.credentials) adopt(data.credentials, 'tab');
    };
  }

  return {
    fetch: fetchObserved,
    follow: (followed) => {
      session = followed;
      const tell = () => {
        const snapshot = followed.getSnapshot();
        const reason = 'reason' in snapshot && snapshot.reason ? { reason: snapshot.reason } : {};
        const mark = { id: recorder.nextId(), kind: 'status', at: now(), status: snapshot.status } as const;
        recorder.put({ ...mark, ...reason });
      };
      followed.subscribe(tell);
      tell();
    },
    refused: () => {
      hint = 'refused';
      isRefused = true;
    },
    refresh: async () => {
      hint = 'forced';
      await session?.refresh();
    },
  };
}

/** Returns nothing for a body that is not JSON, such as a proxy's error page. */
function readAnswer(body: string): Answer {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

function isCredentials(value: Partial<Credentials> | undefined): value is Credentials {
  return value?.accessToken !== undefined && value.session !== undefined && value.expiresIn !== undefined;
}
