/** Why a tab asked for a new access token. */
export type RefreshCause =
  /** The page was opened. */
  | 'opening'
  /** In the second half of the token's life, as a rule. */
  | 'ahead'
  /** A call needed one, and the last had ended. */
  | 'needed'
  /** The server's guard had refused the last. */
  | 'refused'
  /** Earlier tries were not answered. */
  | 'again'
  /** A person pressed a button. */
  | 'forced';

/** An event in a tab. Times are milliseconds since the epoch, on the monotonic clock. */
interface Happening {
  /** A later mark with the same id takes this one's place. */
  readonly id: string;
  readonly at: number;
}

/** An access token that came into use; it expires at `end`. */
export interface TokenMark extends Happening {
  readonly kind: 'token';
  readonly end: number;
  readonly session: string;
  readonly generation: number;
  /** `tab`: another tab requested it. */
  readonly via: 'refresh' | 'sign-in' | 'tab';
}

/** A refresh, a sign-in or a sign-out by the session. Without `end` while it is in progress. */
export interface SessionCallMark extends Happening {
  readonly kind: 'refresh' | 'sign-in' | 'sign-out';
  readonly end?: number;
  readonly cause?: RefreshCause;
  readonly outcome?: 'answered' | 'refused' | 'unanswered';
  /** The generation in the response. */
  readonly generation?: number;
  /** Whether the refresh token stayed the same, so that only the access token is new. */
  readonly replayed?: boolean;
  readonly reason?: string;
}

/** A call of the app. Without `end` while it is in progress. */
export interface CallMark extends Happening {
  readonly kind: 'call';
  readonly end?: number;
  readonly path: string;
  /** Whether it is a subscription. */
  readonly isStream: boolean;
  /** How often it was sent; 0 while it waits for a token. */
  readonly tries: number;
  /** When it was first sent. */
  readonly sentAt?: number;
  /** When the guard refused its token. */
  readonly refusedAt?: number;
  /** `left`: the page did not wait for the response. */
  readonly outcome?: 'answered' | 'refused' | 'unanswered' | 'left';
  readonly reason?: string;
}

/** A change of the session's state in this tab. */
export interface StatusMark extends Happening {
  readonly kind: 'status';
  readonly status: 'restoring' | 'anonymous' | 'authenticated' | 'refreshing' | 'unreachable' | 'ended';
  readonly reason?: string;
}

export type TabMark = TokenMark | SessionCallMark | CallMark | StatusMark;
