import type { Lane } from '../timeline/mark.js';

/** The position of a lane, in pixels from the top. */
export interface Place {
  readonly lane: Lane;
  readonly top: number;
  readonly height: number;
  /** The top and the height of the bars. */
  readonly bar: number;
  readonly thick: number;
  /** The middle of the points. */
  readonly points: number;
}

export const AXIS_HEIGHT = 28;

const SIZES = {
  server: { height: 68, bar: 10, thick: 20, points: 48 },
  thief: { height: 54, bar: 12, thick: 16, points: 40 },
  page: { height: 60, bar: 12, thick: 16, points: 43 },
  worker: { height: 34, bar: 7, thick: 9, points: 24 },
} as const;

/** The height of a lane's name above it, on narrow pages. */
const NAME_HEIGHT = { server: 18, thief: 18, page: 18, worker: 11 } as const;

export interface LayoutOptions {
  readonly isNarrow: boolean;
  /** The moment at the left edge: tabs closed before it need no lane. */
  readonly start: number;
}

function endOf({ bars, points }: Lane) {
  return Math.max(bars.at(-1)?.to ?? 0, points.at(-1)?.to ?? 0);
}

/** Places the lanes below each other. */
export function layOut(lanes: readonly Lane[], { isNarrow, start }: LayoutOptions): readonly Place[] {
  let top = AXIS_HEIGHT;
  return lanes
    .filter((lane) => !lane.isGone || endOf(lane) > start)
    .map((lane) => {
      const name = isNarrow ? NAME_HEIGHT[lane.kind] : 0;
      const { height, bar, thick, points } = SIZES[lane.kind];
      const place = { lane, top, height: height + name, bar: bar + name, thick, points: points + name };
      top += place.height;
      return place;
    });
}

/** The height of all lanes together. */
export function heightOf(places: readonly Place[]): number {
  const last = places.at(-1);
  return last ? last.top + last.height : AXIS_HEIGHT;
}
