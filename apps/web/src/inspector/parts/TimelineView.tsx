import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { layOut, type Place } from '../drawing/layout.js';
import { neighbour } from '../drawing/markAt.js';
import { createTimeScale, type TimeView, zoom } from '../drawing/timeScale.js';
import type { Timeline } from '../timeline/createTimeline.js';
import { explain } from '../timeline/explain.js';
import type { Mark } from '../timeline/mark.js';
import { useNarrow } from '../useNarrow.js';
import { LaneNames } from './LaneNames.js';
import { TimelineCanvas } from './TimelineCanvas.js';

export interface TimelineViewProps {
  readonly timeline: Timeline;
  readonly now: () => number;
  readonly view: TimeView;
  readonly onView: (view: TimeView) => void;
  readonly onPause: () => void;
  readonly chosen: Mark | undefined;
  readonly onPoint: (mark: Mark | undefined) => void;
  readonly onChoose: (mark: Mark | undefined) => void;
}

/** The timeline with its lane names, for pointer and keyboard. */
export function TimelineView(props: TimelineViewProps): ReactNode {
  const { timeline, now, view } = props;
  const isNarrow = useNarrow();
  const { start } = createTimeScale(view, 1, now());
  const places = layOut(timeline.lanes(), { isNarrow, start });
  const helpId = useId();
  const { press, spoken } = useKeys(props, places);
  return (
    <>
      <div
        role="application"
        aria-label="Timeline of the session"
        aria-describedby={helpId}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the keys that its description names
        tabIndex={0}
        onKeyDown={press}
        className="relative flex overflow-hidden rounded-lg border border-line bg-surface"
      >
        <LaneNames places={places} now={now()} isNarrow={isNarrow} />
        <div className="min-w-0 flex-1">
          <TimelineCanvas {...props} isNarrow={isNarrow} />
        </div>
      </div>
      <p id={helpId} className="sr-only">
        Arrow keys move from mark to mark and from lane to lane, plus and minus zoom, space pauses. The events
        are listed as text below.
      </p>
      <p role="status" className="sr-only">
        {spoken}
      </p>
    </>
  );
}

/** Walks through the marks by the keyboard; `spoken` explains the chosen one to screen readers. */
function useKeys(props: TimelineViewProps, places: readonly Place[]) {
  const { now, view, onView, onPause, chosen, onChoose } = props;
  const [spoken, setSpoken] = useState('');
  const choose = (mark: Mark | undefined) => {
    onChoose(mark);
    setSpoken(mark ? explain(mark, now()) : '');
    const end = view.end ?? now();
    if (mark && (mark.from > end || mark.from < end - view.span))
      onView({ ...view, end: mark.from + view.span / 2 });
  };
  const changeLane = (step: 1 | -1) => {
    const index = places.findIndex(({ lane }) => lane.id === chosen?.lane);
    const place = places[Math.max(0, Math.min(places.length - 1, index + step))];
    if (place) choose(neighbour(place, undefined, 1));
  };
  const walk = (step: 1 | -1) => {
    const place = places.find(({ lane }) => lane.id === chosen?.lane) ?? places[0];
    if (place) choose(neighbour(place, chosen, step));
  };
  const actions: Record<string, () => void> = {
    ArrowLeft: () => walk(-1),
    ArrowRight: () => walk(1),
    ArrowUp: () => changeLane(-1),
    ArrowDown: () => changeLane(1),
    '+': () => onView(zoom(view, 0.7, chosen?.from)),
    '-': () => onView(zoom(view, 1 / 0.7, chosen?.from)),
    ' ': onPause,
    Escape: () => choose(undefined),
  };
  const press = (event: KeyboardEvent) => {
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  };
  return { press, spoken };
}
