import type { RequestView, ThiefView } from '@latchkey/api/inspector';
import type { TabMark } from '../tap/tabMark.js';

/** An event on the server. Times are milliseconds since the epoch, on this browser's clock. */
export type ServerMark =
  | {
      readonly kind: 'generation';
      readonly number: number;
      /** The end of the grace period of the generation before. */
      readonly graceUntil: number | null;
      /** When its access token was first seen in use. */
      readonly acknowledgedAt: number | null;
    }
  | { readonly kind: 'request'; readonly request: RequestView }
  | { readonly kind: 'offline' }
  | { readonly kind: 'database' }
  | { readonly kind: 'revoked'; readonly reason: string }
  /** A thief's copy of the refresh token that is not used yet. */
  | { readonly kind: 'copy'; readonly thief: ThiefView }
  | { readonly kind: 'strike'; readonly thief: ThiefView };

/** A mark on the time axis, from `from` to `to`; without `to` it still lasts. */
export interface Mark {
  readonly id: string;
  readonly lane: string;
  readonly from: number;
  readonly to?: number;
  readonly what: TabMark | ServerMark;
}

/** A row of the timeline: the server, the thief or a tab. */
export interface Lane {
  readonly id: string;
  readonly kind: 'server' | 'thief' | 'page' | 'worker';
  readonly label: string;
  /** Whether the tab was closed. */
  isGone: boolean;
  /** Marks that last: tokens, generations, outages; oldest first. */
  readonly bars: Mark[];
  /** Marks of single events: calls, refreshes, requests; oldest first. */
  readonly points: Mark[];
}

const BARS: ReadonlySet<string> = new Set(['token', 'generation', 'offline', 'database', 'copy']);

/** Whether a mark lasts rather than happens. */
export function isBar({ what }: Pick<Mark, 'what'>): boolean {
  return BARS.has(what.kind) || (what.kind === 'status' && what.status === 'unreachable');
}
