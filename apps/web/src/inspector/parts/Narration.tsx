import type { ReactNode } from 'react';
import { toneOf } from '../drawing/toneOf.js';
import type { Timeline } from '../timeline/createTimeline.js';
import { explain } from '../timeline/explain.js';
import type { Mark } from '../timeline/mark.js';

const TELLING = new Set([
  'refresh',
  'sign-in',
  'sign-out',
  'status',
  'revoked',
  'strike',
  'copy',
  'offline',
  'database',
]);
const LOOKED_AT = 80;

/** Whether a mark deserves an explanation without being chosen. */
function isTelling(mark: Mark) {
  return (
    TELLING.has(mark.what.kind) || (mark.what.kind === 'call' && ['mended', 'wrong'].includes(toneOf(mark)))
  );
}

/** Milliseconds for which the most important marks stay explained, whatever follows. */
const WEIGHTS: Partial<Record<Mark['what']['kind'], number>> = {
  strike: 12_000,
  revoked: 6_000,
  copy: 3_000,
};

function weigh(mark: Mark | undefined) {
  return mark ? mark.from + (WEIGHTS[mark.what.kind] ?? 0) : 0;
}

/** The latest mark that deserves an explanation. */
export function latestTelling(timeline: Timeline): Mark | undefined {
  const latest = timeline
    .lanes()
    .filter(({ kind }) => kind !== 'worker')
    .flatMap(({ bars, points }) => [
      bars.slice(-LOOKED_AT).findLast(isTelling),
      points.slice(-LOOKED_AT).findLast(isTelling),
    ]);
  return latest.reduce((last, mark) => (weigh(mark) >= weigh(last) ? mark : last), undefined);
}

const EDGES = {
  well: 'border-l-patina',
  mended: 'border-l-brass',
  waiting: 'border-l-amber',
  wrong: 'border-l-rust',
  quiet: 'border-l-line-strong',
} as const;

export interface NarrationProps {
  readonly timeline: Timeline;
  readonly chosen: Mark | undefined;
  readonly now: number;
}

/** Explains the chosen mark, or else the latest important one, in one sentence. */
export function Narration({ timeline, chosen, now }: NarrationProps): ReactNode {
  const mark = (chosen && timeline.find(chosen.id)) ?? latestTelling(timeline);
  const lane = timeline.lanes().find(({ id }) => id === mark?.lane);
  return (
    <div
      data-testid="narration"
      className={`flex min-h-21 flex-col justify-center rounded-r-md border-l-4 bg-surface px-4 py-2.5 sm:min-h-16 ${mark ? EDGES[toneOf(mark)] : 'border-l-line'}`}
    >
      {mark && (
        <p className="text-soft text-xs">
          {chosen ? 'Chosen' : 'Latest'} · {lane?.label} · {time.format(mark.from)}
        </p>
      )}
      <p>{mark ? explain(mark, now) : 'Point at a mark to read its explanation here.'}</p>
    </div>
  );
}

const time = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 1,
  hour12: false,
});
