import type { Mark } from '../timeline/mark.js';
import { momentOf, pointsWithin } from './drawPoints.js';
import type { Place } from './layout.js';
import type { TimeScale } from './timeScale.js';

const REACH = 12;

/** The mark under a pointer, or the nearest one within a finger's width. */
export function markAt(
  { places, scale, now }: { places: readonly Place[]; scale: TimeScale; now: number },
  { x, y }: { x: number; y: number },
): Mark | undefined {
  const place = places.find(({ top, height }) => y >= top && y < top + height);
  if (!place) return undefined;
  const inPoints = y - place.top > place.bar + place.thick;
  const distance = (mark: Mark) => Math.abs(scale.x(momentOf(mark, now)) - x);
  let nearest: Mark | undefined;
  for (const mark of pointsWithin(place.lane.points, scale.time(x) - 60_000, scale.end))
    if (distance(mark) < REACH && (!nearest || distance(mark) <= distance(nearest))) nearest = mark;
  const bar = place.lane.bars.findLast(({ from, to = now }) => scale.x(from) <= x && scale.x(to) >= x);
  return inPoints ? (nearest ?? bar) : (bar ?? nearest);
}

/** The next mark in a lane in time order; a step of -1 goes back. */
export function neighbour(place: Place, mark: Mark | undefined, step: 1 | -1): Mark | undefined {
  const all = [...place.lane.points, ...place.lane.bars].sort((a, b) => a.from - b.from);
  if (!mark) return all.at(-1);
  const index = all.findIndex(({ id }) => id === mark.id);
  return all[Math.max(0, Math.min(all.length - 1, index + step))];
}
