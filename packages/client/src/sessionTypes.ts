import type { AuthError } from './authError.js';
import type { Timers } from './timers.js';
import type { Credentials, LoginInput, RegisterInput, User } from './wire.js';

/** Why a session ended. `SIGNED_OUT`: by the person, in this tab or another. */
export type EndReason =
  | 'SIGNED_OUT'
  | 'SESSION_EXPIRED'
  | 'SESSION_REVOKED'
  | 'REFRESH_MISSING'
  | 'REFRESH_INVALID'
  | 'REFRESH_REUSED'
  | 'ACCOUNT_DISABLED';

/** What a state does not have; declared, so that every state can be taken apart alike. */
interface Absent {
  readonly expiresAt?: null;
  readonly error?: null;
  readonly reason?: null;
}

/** The state of the session, told by `status`; the same object until something changes. */
export type SessionSnapshot =
  | (Absent & { readonly status: 'restoring' | 'anonymous'; readonly user: null })
  | (Omit<Absent, 'expiresAt'> & {
      readonly status: 'authenticated' | 'refreshing';
      readonly user: User;
      /** ISO 8601: the absolute end of the session. */
      readonly expiresAt: string;
    })
  | (Omit<Absent, 'expiresAt' | 'error'> & {
      /** No usable access token and no word from the server: nobody is signed out, it is tried again. */
      readonly status: 'unreachable';
      /** Null when the outage met the first load. */
      readonly user: User | null;
      /** As above, if there is a user. */
      readonly expiresAt?: string;
      readonly error: AuthError;
    })
  | (Omit<Absent, 'reason'> & {
      readonly status: 'ended';
      readonly user: null;
      readonly reason: EndReason;
    });

/** The part of the Web Locks API that the session uses. */
export interface Locks {
  request(
    name: string,
    options: { ifAvailable: true },
    callback: (lock: unknown) => Promise<void>,
  ): Promise<unknown>;
}

/** Settings of a session; only `url` is required. */
export interface SessionOptions {
  /** Where tRPC is served, as given to the links: `/trpc`. */
  readonly url: string;
  /** Whether calls wait during an outage instead of failing at once. Default false. */
  readonly waitWhenUnreachable?: boolean;
  /** Milliseconds after which a call of the session's own counts as unanswered. Default 20 000. */
  readonly timeout?: number;
  /** The transformer of the host's `initTRPC`, if it has one. */
  readonly transformer?: { serialize(value: unknown): unknown; deserialize(value: never): unknown };
  /** Name of the BroadcastChannel between tabs, false for none. Default `latchkey:` and the url. */
  readonly channel?: string | false;
  /** Default `globalThis.fetch`. */
  readonly fetch?: typeof fetch;
  /** Milliseconds of a monotonic clock. Default `performance.now()`. */
  readonly clock?: () => number;
  /** A number from 0 up to 1, for jitter. Default `Math.random`. */
  readonly random?: () => number;
  readonly timers?: Timers;
  /** Keeps tabs from refreshing at the same time; false for none. Default `navigator.locks`. */
  readonly locks?: Locks | false;
}

/** A signed-in person in this browser. The access token lives in its closure, and nowhere else. */
export interface Session {
  getSnapshot(): SessionSnapshot;
  /** Calls `listener` after every change of the snapshot; returns how to stop. */
  subscribe(listener: () => void): () => void;
  /**
   * Headers for one HTTP request, to be given to the terminating link as it is:
   * `httpBatchLink({ url, headers: session.headers })`.
   */
  headers(request?: LinkRequest): Record<string, string>;
  /** Signs in. @throws {AuthError} with `data.reason` and `data.fields` for the form */
  login(input: LoginInput): Promise<User>;
  /** Creates an account and signs in. @throws {AuthError} with `data.reason` and `data.fields` for the form */
  register(input: RegisterInput): Promise<User>;
  /**
   * Takes over the answer of a procedure of your own that began a session and set its cookie; tells the other tabs.
   */
  adopt(credentials: Credentials): void;
  /**
   * Signs out here and in the other tabs at once, then on the server. Resolves after the first try; one that
   * fails is repeated for as long as the page lives.
   */
  logout(): Promise<void>;
  /** Gets a new access token now; calls made meanwhile share the one request. @throws {AuthError} */
  refresh(): Promise<void>;
  /** Finds out, once, whether a refresh cookie still stands for a session. Never rejects. */
  restore(): Promise<SessionSnapshot>;
  /** Calls `listener` when a session ends; returns how to stop. */
  onEnded(listener: (reason: EndReason) => void): () => void;
  /** Calls `listener` before any snapshot of another person, or of nobody, is given out; returns how to stop. */
  onIdentityChange(listener: (change: IdentityChange) => void): () => void;
  /** What {@link authLink} needs; for links of your own. */
  readonly link: SessionLink;
  /** Stops timers, listeners and the channel, for tests and hot reload; signs nobody out. */
  close(): void;
}

/** Who was signed in, and who is now. */
export interface IdentityChange {
  readonly user: User | null;
  readonly previous: User | null;
}

/** What tRPC's links pass to `headers`. */
export interface LinkRequest {
  readonly op?: { readonly context: object };
  readonly opList?: readonly { readonly context: object }[];
}

/** How a link waits for a token and reports a refused one. */
export interface SessionLink {
  /** Resolves when a request may go out, at once if there is a usable token. Rejects with {@link AuthError}. */
  ready(options?: Pick<SessionOptions, 'waitWhenUnreachable'>): Promise<void>;
  /**
   * Tells that a request goes out with `context`, an object of its own, and the token of this moment; `headers` corrects
   * that if it is asked later with the same context. Returns the id of the person signed in, if any.
   */
  depart(context: object): string | undefined;
  /**
   * Tells that the server's guard refused the request that departed with `context`. Resolves to whether a newer token
   * is there. Rejects with {@link AuthError}.
   */
  renew(context: object, options?: Pick<SessionOptions, 'waitWhenUnreachable'>): Promise<boolean>;
  /** The id of the person signed in, if any. */
  owner(): string | undefined;
  /**
   * Calls a mutation of the `auth` router that answers with credentials, as the person signed in, and takes them over.
   * Like all calls of the session's own, one at a time. @throws {AuthError}
   */
  signIn(procedure: string, input: object): Promise<User>;
  /** Milliseconds of the session's monotonic clock. */
  now(): number;
}
