import { Pause, Play, ZoomIn, ZoomOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.js';
import { type TimeView, zoom } from '../drawing/timeScale.js';
import { duration } from '../timeline/explain.js';

const PACES = [
  { everyMs: 0, label: 'No automatic calls' },
  { everyMs: 1_000, label: 'A call every second' },
  { everyMs: 100, label: 'Ten calls a second' },
] as const;

export interface ControlsProps {
  readonly view: TimeView;
  readonly onView: (view: TimeView) => void;
  readonly onPause: () => void;
  readonly everyMs: number;
  readonly onPace: (everyMs: number) => void;
}

/** Pauses, zooms, and sets how many calls the page makes. */
export function Controls({ view, onView, onPause, everyMs, onPace }: ControlsProps): ReactNode {
  const isPaused = view.end !== undefined;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button size="small" onClick={onPause} aria-pressed={isPaused}>
        {isPaused ? <Play aria-hidden className="size-4" /> : <Pause aria-hidden className="size-4" />}
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <Button size="small" aria-label="Zoom out" onClick={() => onView(zoom(view, 2))}>
        <ZoomOut aria-hidden className="size-4" />
      </Button>
      <output aria-label="Time shown" className="min-w-12 text-center text-sm text-soft tabular-nums">
        {duration(view.span)}
      </output>
      <Button size="small" aria-label="Zoom in" onClick={() => onView(zoom(view, 0.5))}>
        <ZoomIn aria-hidden className="size-4" />
      </Button>
      <select
        aria-label="Calls that this page makes"
        value={everyMs}
        onChange={({ target }) => onPace(Number(target.value))}
        className="min-h-9 max-sm:grow rounded-md border border-line bg-surface px-2 text-[0.9375rem]"
      >
        {PACES.map((pace) => (
          <option key={pace.everyMs} value={pace.everyMs}>
            {pace.label}
          </option>
        ))}
      </select>
    </div>
  );
}
