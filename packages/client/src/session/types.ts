import type { Locks } from '../tabs/lock.js';
import type { Timers } from '../timers.js';
import type { AuthCallOptions } from '../transport/authCall.js';
import type { AuthError } from '../transport/authError.js';
import type { EndReason } from '../transport/reasons.js';
import type { Credentials, LoginInput, RegisterInput, User } from '../transport/wire.js';

/** What a state does not have; declared, so that every state can be destructured in the same way. */
interface Absent {
  readonly expiresAt?: null;
  readonly error?: null;
  readonly reason?: null;
}

/** The state of the session, discriminated by `status`; the same object until something changes. */
export type SessionSnapshot =
  | (Absent & { readonly status: 'restoring' | 'anonymous'; readonly user: null })
  | (Omit<Absent, 'expiresAt'> & {
      readonly status: 'authenticated' | 'refreshing';
      readonly user: User;
      /** ISO 8601: the absolute end of the session. */
      readonly expiresAt: string;
    })
  | (Omit<Absent, 'expiresAt' | 'error'> & {
      /** No usable access token, and no answer from the server. Nobody is signed out; the session tries again. */
      readonly status: 'unreachable';
      /** Null when the outage began before the first load. */
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

/** How a call behaves in an outage. */
export interface WaitOptions {
  /**
   * Whether calls wait during an outage instead of failing at once. Subscriptions always wait.
   *
   * @default false
   */
  readonly waitWhenUnreachable?: boolean;
}

/** Settings of a session; only `url` is required. */
export interface SessionOptions extends AuthCallOptions, WaitOptions {
  /**
   * Name of the BroadcastChannel between tabs; false for none.
   *
   * @default `latchkey:${url}` in a browser, else false
   */
  readonly channel?: string | false;
  /**
   * Milliseconds of a monotonic clock.
   *
   * @default performance.now
   */
  readonly clock?: () => number;
  /**
   * A number from 0 up to 1, for jitter.
   *
   * @default Math.random
   */
  readonly random?: () => number;
  /** @default globalThis */
  readonly timers?: Timers;
  /**
   * Keeps tabs from refreshing at the same time; false for no locks.
   *
   * @default navigator.locks
   */
  readonly locks?: Locks | false;
}

/** A signed-in person in this browser. The access token lives in its closure, and nowhere else. */
export interface Session {
  getSnapshot(): SessionSnapshot;
  /** Calls `listener` after every change of the snapshot; returns a function that stops it. */
  subscribe(listener: () => void): () => void;
  /**
   * Headers for one HTTP request; pass the function itself to the terminating link:
   * `httpBatchLink({ url, headers: session.headers })`.
   */
  headers(request?: LinkRequest): Record<string, string>;
  /** Signs in. @throws {AuthError} with `data.reason` and `data.fields` for the form */
  login(input: LoginInput): Promise<User>;
  /** Creates an account and signs in. @throws {AuthError} with `data.reason` and `data.fields` for the form */
  register(input: RegisterInput): Promise<User>;
  /** Takes over the answer of your own procedure that began a session and set its cookie; other tabs follow. */
  adopt(credentials: Credentials): void;
  /**
   * Signs out here and in the other tabs at once, then on the server. Resolves after the first try; one that
   * fails is repeated for as long as the page lives.
   */
  logout(): Promise<void>;
  /** Gets a new access token now; calls made meanwhile share the one request. @throws {AuthError} */
  refresh(): Promise<void>;
  /** Finds out, once, whether a refresh cookie belongs to a live session. Never rejects. */
  restore(): Promise<SessionSnapshot>;
  /** Calls `listener` when a session ends; returns a function that stops it. */
  onEnded(listener: (reason: EndReason) => void): () => void;
  /**
   * Calls `listener` when another person, or nobody, is signed in, before any snapshot shows it; returns a function that
   * stops it.
   */
  onIdentityChange(listener: (change: IdentityChange) => void): () => void;
  /** What {@link authLink} needs; for your own links. */
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
  /** Resolves when a request may go out, at once if there is a usable token. @throws {AuthError} */
  ready(options?: WaitOptions): Promise<void>;
  /**
   * Records that a request goes out with the present token. `context` is an object that no other request has; a later
   * call of `headers` with it replaces the record. Returns the id of the person signed in, if any.
   */
  recordSent(context: object): string | undefined;
  /**
   * Reports that the server's guard refused the request that was sent with `context`. Resolves to whether there is a
   * newer token. @throws {AuthError}
   */
  renew(context: object, options?: WaitOptions): Promise<boolean>;
  /** The id of the person signed in, if any. */
  owner(): string | undefined;
  /**
   * Calls a mutation of the `auth` router that answers with credentials, as the person signed in, and takes them over.
   * Runs one at a time with all other calls of the session. @throws {AuthError}
   */
  signIn(procedure: string, input: object): Promise<User>;
  /** Milliseconds of the session's monotonic clock. */
  now(): number;
}
