import type { ReactNode } from 'react';
import type { Place } from '../drawing/layout.js';
import { duration } from '../timeline/explain.js';
import type { Lane } from '../timeline/mark.js';

/** The current state of a lane in a few words. */
function stateOf({ kind, isGone, bars }: Lane, now: number): string {
  if (isGone) return 'closed';
  const current = bars.findLast(({ from, to = Number.POSITIVE_INFINITY }) => from <= now && to > now)?.what;
  if (kind === 'server') {
    if (current?.kind === 'offline') return 'cut off';
    if (current?.kind === 'database') return 'no database';
    return current?.kind === 'generation' ? `generation ${current.number}` : 'no session';
  }
  if (kind === 'thief') {
    if (current?.kind !== 'copy') return 'no copy';
    const { strikesAt } = current.thief;
    return strikesAt === null ? 'waits' : `strikes in ${duration(strikesAt - now)}`;
  }
  const token = bars.findLast(({ what, to = 0 }) => what.kind === 'token' && to > now);
  return token?.to ? `ends in ${duration(token.to - now)}` : 'no token';
}

export interface LaneNamesProps {
  readonly places: readonly Place[];
  readonly now: number;
  readonly isNarrow: boolean;
}

/** The names of the lanes: beside the timeline, or on it where the page is narrow. */
export function LaneNames({ places, now, isNarrow }: LaneNamesProps): ReactNode {
  return (
    <ul
      className={
        isNarrow ? 'pointer-events-none absolute inset-0' : 'relative w-38 flex-none border-line border-r'
      }
    >
      {places.map((place) => (
        <li
          key={place.lane.id}
          className="absolute flex justify-between gap-x-2 overflow-hidden px-3 max-md:justify-start leading-tight data-[kind=worker]:items-center"
          data-kind={place.lane.kind}
          style={
            isNarrow
              ? { top: place.top + 2, height: 16 }
              : { top: place.top, height: place.height, width: '100%', ...arrangement(place) }
          }
        >
          <span
            className={`whitespace-nowrap font-semibold ${place.lane.kind === 'worker' || isNarrow ? 'text-xs' : 'text-sm'}`}
          >
            {place.lane.label}
          </span>
          <span className="whitespace-nowrap text-soft text-xs tabular-nums">{stateOf(place.lane, now)}</span>
        </li>
      ))}
    </ul>
  );
}

function arrangement({ lane }: Place) {
  return lane.kind === 'worker' ? {} : ({ flexDirection: 'column', justifyContent: 'center' } as const);
}
