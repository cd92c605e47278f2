import { type ReactNode, useState } from 'react';
import type { Timeline } from '../timeline/createTimeline.js';
import { explain } from '../timeline/explain.js';
import type { Mark } from '../timeline/mark.js';

const SHOWN = 60;

export interface EventListProps {
  readonly timeline: Timeline;
  readonly now: number;
  readonly onChoose: (mark: Mark) => void;
}

function newestOf(timeline: Timeline, { withCalls }: { withCalls: boolean }): readonly Mark[] {
  return timeline
    .lanes()
    .flatMap(({ bars, points }) => [...bars.slice(-SHOWN), ...points.slice(-SHOWN * (withCalls ? 1 : 10))])
    .filter(({ what }) => withCalls || (what.kind !== 'call' && what.kind !== 'request'))
    .sort((a, b) => b.from - a.from)
    .slice(0, SHOWN);
}

/** The timeline as text, newest first. */
export function EventList({ timeline, now, onChoose }: EventListProps): ReactNode {
  const [withCalls, setWithCalls] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const labels = new Map(timeline.lanes().map(({ id, label }) => [id, label]));
  return (
    <details
      className="rounded-lg border border-line bg-surface"
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary className="cursor-pointer px-4 py-3 font-semibold">Events as text</summary>
      {isOpen && (
        <div className="border-line border-t px-4 py-3">
          <label className="flex items-center gap-2 text-sm">
            <input
              type="checkbox"
              checked={withCalls}
              onChange={({ target }) => setWithCalls(target.checked)}
            />
            Include every call
          </label>
          <ol aria-label="Events, newest first" className="mt-3 grid max-h-96 gap-px overflow-y-auto">
            {newestOf(timeline, { withCalls }).map((mark) => (
              <li key={mark.id}>
                <button
                  type="button"
                  onClick={() => onChoose(mark)}
                  className="grid w-full gap-x-4 rounded-md px-2 py-1.5 text-left text-sm hover:bg-sunken sm:grid-cols-[5rem_6rem_1fr]"
                >
                  <time className="text-soft tabular-nums">{time.format(mark.from)}</time>
                  <span className="text-soft">{labels.get(mark.lane)}</span>
                  <span>{explain(mark, now)}</span>
                </button>
              </li>
            ))}
          </ol>
        </div>
      )}
    </details>
  );
}

const time = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
