import type { Mark } from '../timeline/mark.js';
import type { Scene } from './drawTimeline.js';
import type { Place } from './layout.js';
import type { Palette } from './palette.js';
import { drawCircle, drawCross, drawDiamond } from './shapes.js';
import { type Tone, toneOf } from './toneOf.js';

/** The longest that something may have gone on for its end to be looked for, in milliseconds. */
const LONGEST = 120_000;

/** Marks that are alike and closer than this, in pixels, would be one blot. */
const LEAST_GAP = 3;

const COLOURS: Record<Tone, keyof Palette> = {
  well: 'patina',
  mended: 'brass',
  waiting: 'amber',
  wrong: 'rust',
  quiet: 'soft',
};

/** The marks of a lane that may reach into a span of time. */
export const pointsWithin = (points: readonly Mark[], start: number, end: number): readonly Mark[] =>
  points.slice(firstFrom(points, start - LONGEST), firstFrom(points, end));

/** The index of the first mark that begins at a moment or later. */
const firstFrom = (points: readonly Mark[], time: number): number => {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.from ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Where a mark of what happens is drawn: at its end, or now. */
export const momentOf = ({ from, to, what }: Mark, now: number): number =>
  what.kind === 'refresh' || what.kind === 'request' ? from : (to ?? Math.max(from, now));

/** Draws what happens in a lane. Where marks would lie upon each other, one stands for all that are alike. */
export const drawPoints = (scene: Scene, place: Place): void => {
  const { context, scale, palette, now, width } = scene;
  const y = place.top + place.points;
  const lastDrawn = new Map<string, number>();
  for (const mark of pointsWithin(place.lane.points, scale.start, scale.end)) {
    const x = scale.x(momentOf(mark, now));
    if (x < -10 || scale.x(mark.from) > width + 10) continue;
    const tone = toneOf(mark);
    const kind = `${tone}${mark.what.kind}`;
    if (x - (lastDrawn.get(kind) ?? -100) < LEAST_GAP) continue;
    lastDrawn.set(kind, x);
    context.globalAlpha = place.lane.isGone ? 0.45 : 1;
    drawPoint(scene, mark, { x, y, isSmall: place.lane.kind === 'worker', colour: palette[COLOURS[tone]] });
  }
  context.globalAlpha = 1;
};

interface PointLook {
  readonly x: number;
  readonly y: number;
  readonly isSmall: boolean;
  readonly colour: string;
}

const drawPoint = (
  { context, scale, palette, now }: Scene,
  mark: Mark,
  { x, y, isSmall, colour }: PointLook,
) => {
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
};
