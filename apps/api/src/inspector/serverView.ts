/** A stored session. Times are in milliseconds since the epoch. */
export interface SessionView {
  readonly generation: number;
  /** The highest generation whose access token was used. */
  readonly acknowledged: number;
  /** Until then a superseded token is answered with its successor. Null before the first refresh. */
  readonly graceUntil: number | null;
  /** When the current generation began. */
  readonly rotatedAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  readonly revokedReason: string | null;
}

export interface RefreshView {
  /** Generation of the presented refresh token. */
  readonly presented: number;
  /** Generation of the refresh token in the answer; null if the refresh was refused. */
  readonly answered: number | null;
}

/** A request of the session, sent by its browser or by the thief. */
export interface RequestView {
  readonly from: 'browser' | 'thief';
  /** Without the leading slash: `notes.list,notes.create`. */
  readonly path: string;
  readonly status: number;
  /** Milliseconds until the answer. */
  readonly took: number;
  /** The reasons of refused calls. */
  readonly reasons: readonly string[];
  readonly refresh: RefreshView | null;
  /** `lost`: carried out, then the connection was cut. `unheard`: cut before anything was done. */
  readonly fate: 'answered' | 'lost' | 'unheard';
  /** Whether its access token was broken on purpose. */
  readonly spoiled: boolean;
}

/** The current troubles of a session. */
export interface Troubles {
  /** Life of the next access tokens in milliseconds; null for the server's setting. */
  readonly lifeMs: number | null;
  /** Until then its requests are cut off. */
  readonly offlineUntil: number;
  /** Whether the answer to the next refresh will be lost. */
  readonly lose: boolean;
  /** Whether the access token of the next call will be broken. */
  readonly spoil: boolean;
}

/** A second client with a copy of the session's refresh token. */
export interface ThiefView {
  /** Generation of the copy. */
  readonly generation: number;
  /**
   * `holding`: the copy is the current token. `waiting`: it is superseded. `let in`: the thief got credentials.
   * `refused`: the thief got none. `gone`: the session ended before.
   */
  readonly phase: 'holding' | 'waiting' | 'let in' | 'refused' | 'gone';
  /** When it will present its copy; null if that is not known yet. */
  readonly strikesAt: number | null;
  /** The reason of the refusal. */
  readonly reason: string | null;
}

/** What the inspector receives about its session, in order. */
export type ServerEvent =
  | { readonly type: 'session'; readonly session: SessionView }
  | { readonly type: 'request'; readonly request: RequestView }
  | { readonly type: 'troubles'; readonly troubles: Troubles }
  | { readonly type: 'thief'; readonly thief: ThiefView }
  | { readonly type: 'database'; readonly up: boolean };

/** `at` is the server's clock in milliseconds since the epoch. */
export type TimedServerEvent = ServerEvent & { readonly at: number };

/** The first message of every stream. */
export interface Greeting {
  /** The server's clock, in milliseconds since the epoch. */
  readonly now: number;
  /** How long a superseded refresh token is answered with its successor. */
  readonly graceMs: number;
  /** Life of an access token. */
  readonly accessTokenMs: number;
  readonly troubles: Troubles;
}

/** The body of `POST /dev/inspector/troubles`. Omitted troubles stay as they are. */
export interface TroubleOrder {
  /** 2 000 to 900 000, or null for the server's setting. */
  readonly lifeMs?: number | null | undefined;
  /** From now on; 0 ends it. */
  readonly offlineMs?: number | undefined;
  readonly lose?: boolean | undefined;
  readonly spoil?: boolean | undefined;
}
