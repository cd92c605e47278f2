import type { Mark } from '../timeline/mark.js';
import type { Scene } from './drawTimeline.js';
import type { Place } from './layout.js';
import type { Palette } from './palette.js';
import { drawCircle, drawCross, drawDiamond } from './shapes.js';
import { type Tone, toneOf } from './toneOf.js';

/** The longest duration of a mark whose end is still searched for, in milliseconds. */
const LONGEST = 120_000;

/** Marks closer than this, in pixels, would overlap. */
const LEAST_GAP = 3;

const COLOURS: Record<Tone, keyof Palette> = {
  well: 'patina',
  mended: 'brass',
  waiting: 'amber',
  wrong: 'rust',
  quiet: 'soft',
};

/** The marks of a lane that may overlap a span of time. */
export function pointsWithin(points: readonly Mark[], start: number, end: number): readonly Mark[] {
  return points.slice(firstFrom(points, start - LONGEST), firstFrom(points, end));
}

/** The index of the first mark that begins at a moment or later. */
function firstFrom(points: readonly Mark[], time: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.from ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The moment at which a point is drawn: its beginning, its end, or now. */
export function momentOf({ from, to, what }: Mark, now: number): number {
  return what.kind === 'refresh' || what.kind === 'request' ? from : (to ?? Math.max(from, now));
}

const WEIGHTS: Record<Tone, number> = { well: 0, quiet: 0, mended: 1, waiting: 2, wrong: 3 };

/** The marks to draw: all rare ones, and of overlapping calls and requests the most important. */
function thinOut({ scale, now, width }: Scene, points: readonly Mark[]): Iterable<Mark> {
  const drawn = new Map<string, Mark>();
  for (const mark of points) {
    const x = scale.x(momentOf(mark, now));
    if (x < -10 || scale.x(mark.from) > width + 10) continue;
    const { kind } = mark.what;
    const isRare =
      (kind !== 'call' && kind !== 'request') || (kind === 'request' && mark.what.request.refresh);
    const spot = isRare ? mark.id : `${kind}${Math.round(x / LEAST_GAP)}`;
    const before = drawn.get(spot);
    if (!before || WEIGHTS[toneOf(mark)] >= WEIGHTS[toneOf(before)]) drawn.set(spot, mark);
  }
  return drawn.values();
}

/** Draws the points of a lane. */
export function drawPoints(scene: Scene, place: Place): void {
  const { context, scale, palette, now } = scene;
  const y = place.top + place.points;
  const isSmall = place.lane.kind === 'worker';
  for (const mark of thinOut(scene, pointsWithin(place.lane.points, scale.start, scale.end))) {
    const x = scale.x(momentOf(mark, now));
    context.globalAlpha = place.lane.isGone ? 0.45 : 1;
    drawPoint(scene, mark, { x, y, isSmall, colour: palette[COLOURS[toneOf(mark)]] });
  }
  context.globalAlpha = 1;
}

interface PointLook {
  readonly x: number;
  readonly y: number;
  readonly isSmall: boolean;
  readonly colour: string;
}

function drawPoint(
  { context, scale, palette, now }: Scene,
  mark: Mark,
  { x, y, isSmall, colour }: PointLook,
) {
  const { what, from, to } = mark;
  const size = isSmall ? 0.75 : 1;
  const dot = { x, y, colour, ground: palette.surface, filled: true };
  const left = scale.x(from);
  const right = scale.x(to ?? now);
  if (right - left > 6) {
    context.fillStyle = colour;
    context.globalAlpha *= 0.5;
    context.fillRect(left, y - 1, right - left, 2);
    context.globalAlpha *= 2;
  }
  switch (what.kind) {
    case 'refresh':
      return drawDiamond(context, { ...dot, filled: what.replayed !== true }, 6.5 * size);
    case 'sign-in':
    case 'sign-out':
      return drawDiamond(context, dot, 7.5 * size);
    case 'status':
    case 'revoked':
      return drawCross(context, dot, 6);
    case 'strike':
      return drawDiamond(context, dot, 8);
    case 'request':
      if (what.request.fate !== 'answered') return drawCross(context, dot, 4);
      if (!what.request.refresh) return drawCircle(context, dot, 2.5);
      return drawDiamond(
        context,
        { ...dot, filled: what.request.refresh.answered !== what.request.refresh.presented },
        5.5,
      );
    case 'call': {
      drawCircle(context, { ...dot, filled: what.tries < 2 && what.outcome !== undefined }, 3.75 * size);
      if (what.tries > 1 && what.outcome === 'answered')
        drawCircle(context, { ...dot, colour: palette.patina }, 1.25 * size);
    }
  }
}
