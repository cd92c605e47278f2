import { useUser } from '@latchkey/react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { tap } from '../api.js';
import { buttonClass } from '../ui/Button.js';
import { layOut } from './drawing/layout.js';
import { createTimeScale } from './drawing/timeScale.js';
import { timeline as live } from './inspectorStore.js';
import { LaneNames } from './parts/LaneNames.js';
import { Narration } from './parts/Narration.js';
import { TimelineCanvas } from './parts/TimelineCanvas.js';
import { playRecording } from './recording/playRecording.js';
import { fetchRecording } from './recording/recording.js';
import { createTimeline, type Timeline } from './timeline/createTimeline.js';
import { useInspector, useTick } from './useInspector.js';
import { useNarrow } from './useNarrow.js';
import { useTraffic } from './useTraffic.js';

const VIEW = { span: 20_000 };
const { now } = tap.recorder;

function ignore() {}

/** A small inspector of the visitor's own session, or else of a recorded one. */
export function InspectorMiniature(): ReactNode {
  return useUser() ? <Live /> : <Recorded />;
}

function Live(): ReactNode {
  useInspector();
  useTraffic(2_000);
  return <Miniature timeline={live} title="Your session, now" />;
}

function Recorded(): ReactNode {
  const [timeline] = useState(createTimeline);
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    let stop: (() => void) | undefined;
    let isOver = false;
    fetchRecording().then(
      (recording) => {
        if (!isOver) stop = playRecording(timeline, recording, now);
      },
      () => setBroken(true),
    );
    return () => {
      isOver = true;
      stop?.();
    };
  }, [timeline]);
  const title = isBroken ? 'The recording could not be fetched' : 'A recording of a real session';
  return <Miniature timeline={timeline} title={title} />;
}

function Miniature({ timeline, title }: { timeline: Timeline; title: string }): ReactNode {
  useTick(4);
  const isNarrow = useNarrow();
  const { start } = createTimeScale(VIEW, 1, now());
  const places = layOut(timeline.lanes(), { isNarrow, start });
  return (
    <figure className="grid gap-2">
      <figcaption className="flex flex-wrap items-center justify-between gap-3">
        <span className="flex items-center gap-2 text-soft">
          <span aria-hidden="true" className="size-2 animate-breathe rounded-full bg-rust" />
          {title}
        </span>
        <Link to="/inspector" className={buttonClass({ size: 'small' })}>
          Open the session inspector
        </Link>
      </figcaption>
      <div className="relative flex min-h-72 overflow-hidden rounded-lg border border-line bg-surface">
        <LaneNames places={places} now={now()} isNarrow={isNarrow} />
        <div className="min-w-0 flex-1" aria-hidden="true">
          <TimelineCanvas
            timeline={timeline}
            now={now}
            isNarrow={isNarrow}
            view={VIEW}
            chosen={undefined}
            onView={ignore}
            onPoint={ignore}
            onChoose={ignore}
          />
        </div>
      </div>
      <Narration timeline={timeline} chosen={undefined} now={now()} />
    </figure>
  );
}
