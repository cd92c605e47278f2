import type { Mark } from '../timeline/mark.js';
import { drawBars } from './drawBars.js';
import { drawPoints, momentOf, pointsWithin } from './drawPoints.js';
import { AXIS_HEIGHT, heightOf, type Place } from './layout.js';
import type { Palette } from './palette.js';
import { type TimeScale, ticks } from './timeScale.js';

export interface Scene {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly scale: TimeScale;
  readonly palette: Palette;
  readonly places: readonly Place[];
  readonly now: number;
  readonly chosen: Mark | undefined;
}

/** Draws the whole timeline. */
export function drawTimeline(scene: Scene): void {
  const { context, width, palette, places } = scene;
  const height = heightOf(places);
  context.clearRect(0, 0, width, height);
  drawGround(scene, height);
  drawAxis(scene, height);
  drawTraffic(scene);
  for (const place of places) drawBars(scene, place);
  for (const place of places) drawPoints(scene, place);
  drawNow(scene, height);
  if (scene.chosen) drawChoice(scene, scene.chosen);
  context.strokeStyle = palette.line;
}

function drawGround({ context, width, palette, places }: Scene, height: number) {
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, width, height);
  context.fillStyle = palette.line;
  for (const { top, lane } of places) context.fillRect(0, top, width, lane.kind === 'worker' ? 0.5 : 1);
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});

function drawAxis({ context, width, palette, scale }: Scene, height: number) {
  context.font = `12px ${palette.font}`;
  context.textBaseline = 'middle';
  for (const time of ticks(scale, width, 96)) {
    const x = Math.round(scale.x(time));
    context.fillStyle = palette.line;
    context.fillRect(x, AXIS_HEIGHT - 6, 1, height);
    context.fillStyle = palette.soft;
    if (x < width - 54) context.fillText(clock.format(time), x + 5, AXIS_HEIGHT / 2);
  }
}

/** Thin lines from each refresh to the server, and from a tab with a new token to the tabs that it shared it with. */
function drawTraffic({ context, palette, scale, places, now }: Scene) {
  const server = places.find(({ lane }) => lane.kind === 'server');
  for (const place of places) {
    const y = place.top + place.points;
    for (const mark of pointsWithin(place.lane.points, scale.start, scale.end)) {
      const { kind } = mark.what;
      const isToServer = kind === 'refresh' || kind === 'sign-in' || kind === 'strike';
      if (!server || !isToServer) continue;
      const x = Math.round(scale.x(momentOf(mark, now))) + 0.5;
      context.strokeStyle = kind === 'strike' ? palette.rust : palette.patina;
      context.globalAlpha = 0.55;
      line(context, [x, server.top + server.points], [x, y]);
      context.globalAlpha = 1;
    }
    for (const { what, from } of place.lane.bars.slice(-60)) {
      const source = what.kind === 'token' && what.via === 'tab' ? findSource(places, what) : undefined;
      if (!source || from < scale.start || from > scale.end) continue;
      const x = Math.round(scale.x(from)) + 0.5;
      context.strokeStyle = palette.brass;
      context.setLineDash([2, 3]);
      line(context, [x, source.top + source.bar], [x, place.top + place.bar]);
      context.setLineDash([]);
    }
  }
}

/** The lane of the tab that requested a token and shared it. */
function findSource(places: readonly Place[], { at, generation }: { at: number; generation: number }) {
  return places.find(({ lane }) =>
    lane.bars
      .slice(-60)
      .some(
        ({ what }) =>
          what.kind === 'token' &&
          what.via !== 'tab' &&
          what.generation === generation &&
          Math.abs(what.at - at) < 250,
      ),
  );
}

function line(
  context: CanvasRenderingContext2D,
  from: readonly [number, number],
  to: readonly [number, number],
) {
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

function drawNow({ context, width, palette, scale, now }: Scene, height: number) {
  const x = Math.round(scale.x(now));
  if (x > width || x < 0) return;
  context.fillStyle = palette.text;
  context.fillRect(x, AXIS_HEIGHT - 10, 1.5, height);
  context.beginPath();
  context.moveTo(x - 4, AXIS_HEIGHT - 12);
  context.lineTo(x + 5.5, AXIS_HEIGHT - 12);
  context.lineTo(x + 0.75, AXIS_HEIGHT - 5);
  context.fill();
}

function drawChoice({ context, palette, scale, places, now }: Scene, mark: Mark) {
  const place = places.find(({ lane }) => lane.id === mark.lane);
  if (!place) return;
  context.strokeStyle = palette.text;
  context.lineWidth = 2;
  context.beginPath();
  if (place.lane.bars.includes(mark)) {
    const left = scale.x(mark.from);
    const right = scale.x(mark.to ?? now);
    context.roundRect(left - 2, place.top + place.bar - 2, right - left + 4, place.thick + 4, 5);
  } else context.arc(scale.x(momentOf(mark, now)), place.top + place.points, 10, 0, 2 * Math.PI);
  context.stroke();
}
