import type { RequestView, ThiefView } from '@latchkey/api/inspector';
import type { TabMark } from '../tap/tabMark.js';

/** What the server's side tells. Times in milliseconds since the epoch, on this browser's clock. */
export type ServerMark =
  | {
      readonly kind: 'generation';
      readonly number: number;
      /** Until when the one before is answered with this one. */
      readonly graceUntil: number | null;
      /** When its access token was first seen in use. */
      readonly acknowledgedAt: number | null;
    }
  | { readonly kind: 'request'; readonly request: RequestView }
  | { readonly kind: 'offline' }
  | { readonly kind: 'database' }
  | { readonly kind: 'revoked'; readonly reason: string }
  /** A copy of the refresh token in other hands, for as long as it lies there unused. */
  | { readonly kind: 'copy'; readonly thief: ThiefView }
  | { readonly kind: 'strike'; readonly thief: ThiefView };

/** Something on the time axis: from `from` to `to`, or still going on. */
export interface Mark {
  readonly id: string;
  readonly lane: string;
  readonly from: number;
  readonly to?: number;
  readonly what: TabMark | ServerMark;
}

/** A line of the picture: the server, the thief or a tab. */
export interface Lane {
  readonly id: string;
  readonly kind: 'server' | 'thief' | 'page' | 'worker';
  readonly label: string;
  /** Whether the tab was closed. */
  isGone: boolean;
  /** What lasts: tokens, generations, outages; oldest first. */
  readonly bars: Mark[];
  /** What happens: calls, refreshes, requests; oldest first. */
  readonly points: Mark[];
}

const BARS: ReadonlySet<string> = new Set(['token', 'generation', 'offline', 'database', 'copy']);

/** Whether a mark lasts rather than happens. */
export function isBar({ what }: Pick<Mark, 'what'>): boolean {
  return BARS.has(what.kind) || (what.kind === 'status' && what.status === 'unreachable');
}
