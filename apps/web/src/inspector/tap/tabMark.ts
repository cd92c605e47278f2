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
  /** Somebody pressed a button. */
  | 'forced';

/** Something that happened in a tab. Times in milliseconds since the epoch, on the monotonic clock. */
interface Happening {
  /** A later mark with the same id takes this one's place. */
  readonly id: string;
  readonly at: number;
}

/** An access token, as it came into use; `end` is when it ends. */
export interface TokenMark extends Happening {
  readonly kind: 'token';
  readonly end: number;
  readonly session: string;
  readonly generation: number;
  /** `tab`: another tab had asked for it. */
  readonly via: 'refresh' | 'sign-in' | 'tab';
}

/** A call of the session's own: a refresh, a sign-in or a sign-out. Without `end` while it is under way. */
export interface SessionCallMark extends Happening {
  readonly kind: 'refresh' | 'sign-in' | 'sign-out';
  readonly end?: number;
  readonly cause?: RefreshCause;
  readonly outcome?: 'answered' | 'refused' | 'unanswered';
  /** What the answer holds. */
  readonly generation?: number;
  /** Whether the refresh token stayed the same, so that only the access token is new. */
  readonly replayed?: boolean;
  readonly reason?: string;
}

/** A call of the app's, from the component's wish to its answer. Without `end` while it is under way. */
export interface CallMark extends Happening {
  readonly kind: 'call';
  readonly end?: number;
  readonly path: string;
  /** A subscription, which is answered for as long as it is open. */
  readonly isStream: boolean;
  /** How often it was sent; 0 while it waits for a token. */
  readonly tries: number;
  /** When it was first sent. */
  readonly sentAt?: number;
  /** When the guard refused its token. */
  readonly refusedAt?: number;
  /** `left`: whoever asked did not wait for the answer. */
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
