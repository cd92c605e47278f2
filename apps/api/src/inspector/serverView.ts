/** A session as the database holds it. Times in milliseconds since the epoch. */
export interface SessionView {
  readonly generation: number;
  /** The highest generation whose access token was seen in use. */
  readonly acknowledged: number;
  /** Until when a superseded token is answered with its successor; null right after a sign-in. */
  readonly graceUntil: number | null;
  /** When the current generation began. */
  readonly rotatedAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  readonly revokedReason: string | null;
}

/** What was presented in a refresh, and what came of it. */
export interface RefreshView {
  /** Generation of the refresh token that came in the cookie. */
  readonly presented: number;
  /** Generation of the one that the answer set; null if it was refused. */
  readonly answered: number | null;
}

/** A request of the session's own browser, or of the thief, as the server saw it. */
export interface RequestView {
  readonly from: 'browser' | 'thief';
  /** Without the leading slash: `notes.list,notes.create`. */
  readonly path: string;
  readonly status: number;
  /** Milliseconds until it was answered. */
  readonly took: number;
  /** Why calls in it were refused. */
  readonly reasons: readonly string[];
  readonly refresh: RefreshView | null;
  /** `lost`: carried out, then the connection was cut. `unheard`: cut before anything was done. */
  readonly fate: 'answered' | 'lost' | 'unheard';
  /** Whether its access token was broken on the way. */
  readonly spoiled: boolean;
}

/** The troubles a session is in at the moment. */
export interface Troubles {
  /** Life of its next access tokens, in milliseconds; null for the server's own. */
  readonly lifeMs: number | null;
  /** Until when its requests are cut off. */
  readonly offlineUntil: number;
  /** Whether the answer to its next refresh will be lost. */
  readonly lose: boolean;
  /** Whether the access token of its next call will be broken. */
  readonly spoil: boolean;
}

/** A second client that holds a copy of the session's refresh token. */
export interface ThiefView {
  /** Generation of the copy. */
  readonly generation: number;
  /**
   * `holding`: the copy is still the newest token. `waiting`: it is superseded. `let in`: it was answered with
   * credentials. `refused`: it was not. `gone`: the session ended without it.
   */
  readonly phase: 'holding' | 'waiting' | 'let in' | 'refused' | 'gone';
  /** When it will present its copy, if that is known yet. */
  readonly strikesAt: number | null;
  /** Why it was refused. */
  readonly reason: string | null;
}

/** What the inspector is told of its session, in the order in which it happened. */
export type ServerEvent =
  | { readonly type: 'session'; readonly session: SessionView }
  | { readonly type: 'request'; readonly request: RequestView }
  | { readonly type: 'troubles'; readonly troubles: Troubles }
  | { readonly type: 'thief'; readonly thief: ThiefView }
  | { readonly type: 'database'; readonly up: boolean };

/** A {@link ServerEvent} and when it happened on the server's clock, in milliseconds since the epoch. */
export type TimedServerEvent = ServerEvent & { readonly at: number };

/** The first message of every stream. */
export interface Greeting {
  /** The server's clock, in milliseconds since the epoch. */
  readonly now: number;
  /** How long a superseded refresh token still answers its successor. */
  readonly graceMs: number;
  /** Life of an access token. */
  readonly accessTokenMs: number;
  readonly troubles: Troubles;
}

/** What may be asked of `POST /dev/inspector/troubles`; what is left out stays as it is. */
export interface TroubleOrder {
  /** 2 000 to 900 000, or null for the server's own. */
  readonly lifeMs?: number | null | undefined;
  /** From now on; 0 ends it. */
  readonly offlineMs?: number | undefined;
  readonly lose?: boolean | undefined;
  readonly spoil?: boolean | undefined;
}
