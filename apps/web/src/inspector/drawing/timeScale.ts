/** The visible part of time. */
export interface TimeView {
  /** Its length in milliseconds. */
  readonly span: number;
  /** The moment at the right edge while paused; undefined while the view moves with time. */
  readonly end?: number;
}

/** Converts between moments and positions on the axis. */
export interface TimeScale {
  readonly start: number;
  readonly end: number;
  /** Pixels from the left. */
  x(time: number): number;
  time(x: number): number;
}

export const SHORTEST_SPAN = 2_000;
export const LONGEST_SPAN = 30 * 60_000;
/** The share of the axis that lies in the future while the view moves. */
export const FUTURE = 0.22;

/** The scale of a view that is `width` pixels wide. */
export function createTimeScale({ span, end }: TimeView, width: number, now: number): TimeScale {
  const last = end ?? now + span * FUTURE;
  const start = last - span;
  return {
    start,
    end: last,
    x: (time) => ((time - start) / span) * width,
    time: (x) => start + (x / width) * span,
  };
}

/** The view after zooming by `factor` (below 1: closer) around a moment, which stays where it is. */
export function zoom(view: TimeView, factor: number, around?: number): TimeView {
  const span = Math.min(LONGEST_SPAN, Math.max(SHORTEST_SPAN, view.span * factor));
  if (view.end === undefined) return { span };
  const fixed = around ?? view.end - view.span / 2;
  return { span, end: fixed + (view.end - fixed) * (span / view.span) };
}

const STEPS = [500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000];

/** Round moments of the axis, at least `gap` pixels apart. */
export function ticks({ start, end }: TimeScale, width: number, gap: number): readonly number[] {
  const least = ((end - start) * gap) / width;
  const step = STEPS.find((candidate) => candidate >= least) ?? 600_000;
  const first = Math.ceil(start / step) * step;
  return Array.from({ length: Math.floor((end - first) / step) + 1 }, (_, index) => first + index * step);
}
