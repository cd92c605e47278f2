import type { Mark } from '../timeline/mark.js';
import type { Scene } from './drawTimeline.js';
import type { Place } from './layout.js';
import { drawDiamond, fillBar, hatch } from './shapes.js';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Draws the bars of a lane: tokens, generations, outages, a thief's copy. */
export function drawBars(scene: Scene, place: Place): void {
  const { context, scale, now, width } = scene;
  for (const mark of place.lane.bars) {
    const left = Math.max(-8, scale.x(mark.from));
    const right = Math.min(width + 8, scale.x(mark.to ?? now));
    if (right < 0 || left > width || right < left) continue;
    const y = place.top + place.bar;
    const box = { x: left, y, width: right - left, height: place.thick };
    context.save();
    if (place.lane.isGone) context.globalAlpha = 0.45;
    drawBar(scene, mark, box);
    context.restore();
  }
}

function drawBar(scene: Scene, mark: Mark, box: Box) {
  const { context, palette } = scene;
  switch (mark.what.kind) {
    case 'token':
      return drawToken(scene, mark, box);
    case 'generation':
      return drawGeneration(scene, mark, box);
    case 'copy':
      return drawCopy(scene, mark, box);
    case 'status':
      context.fillStyle = palette.amber;
      return fillBar(context, { ...box, y: box.y + box.height + 2, height: 3 }, 1);
    default:
      context.fillStyle = palette['rust-tint'];
      fillBar(context, { ...box, y: box.y + box.height + 4, height: 26 });
      return hatch(context, { ...box, y: box.y + box.height + 4, height: 26 }, palette.rust);
  }
}

/** The rest of a token's life is drawn paler, because the token may be replaced before its end. */
function drawToken({ context, palette, scale, now, ...scene }: Scene, { what }: Mark, box: Box) {
  if (what.kind !== 'token') return;
  const spent = Math.min(box.width, Math.max(0, scale.x(now) - box.x));
  context.fillStyle = palette['brass-fill'];
  fillBar(context, { ...box, width: spent });
  if (spent < box.width) {
    const rest = { ...box, x: box.x + spent, width: box.width - spent };
    context.fillStyle = palette['brass-tint'];
    fillBar(context, rest);
    context.fillStyle = palette.brass;
    context.fillRect(rest.x + rest.width - 2, box.y - 2, 2, box.height + 4);
  }
  const half = scale.x(what.at + (what.end - what.at) / 2);
  if (half > box.x && half < box.x + box.width) {
    context.fillStyle = palette.brass;
    context.fillRect(half, box.y + box.height - 4, 1, 4);
  }
  if (box.height > 12)
    label(
      { context, palette, scale, now, ...scene },
      { text: `g${what.generation}`, colour: palette['on-brass'] },
      { ...box, width: spent },
    );
}

function drawGeneration(scene: Scene, { what, to }: Mark, box: Box) {
  if (what.kind !== 'generation') return;
  const { context, palette, scale, now } = scene;
  const isEven = what.number % 2 === 0;
  context.fillStyle = isEven ? palette['patina-tint'] : palette.sunken;
  fillBar(context, box);
  if (what.graceUntil !== null) {
    const until = Math.min(
      scale.x(what.graceUntil),
      to === undefined ? Number.POSITIVE_INFINITY : scale.x(to),
    );
    const future = to === undefined && what.graceUntil > now;
    const grace = { ...box, width: Math.max(0, until - box.x) };
    if (future) {
      context.fillStyle = isEven ? palette['patina-tint'] : palette.sunken;
      fillBar(context, grace);
    }
    hatch(context, grace, palette['line-strong']);
  }
  context.fillStyle = palette.patina;
  context.fillRect(box.x, box.y, 2, box.height);
  if (what.acknowledgedAt !== null) {
    const x = Math.max(box.x + 1, scale.x(what.acknowledgedAt));
    context.beginPath();
    context.moveTo(x - 4, box.y - 5);
    context.lineTo(x + 4, box.y - 5);
    context.lineTo(x, box.y);
    context.fill();
  }
  label(scene, { text: `generation ${what.number}`, colour: palette.text }, box);
}

/** A copy of the token, and when the thief will use it. */
function drawCopy(scene: Scene, { what, to }: Mark, box: Box) {
  if (what.kind !== 'copy') return;
  const { context, palette, scale, now } = scene;
  context.fillStyle = palette['rust-tint'];
  fillBar(context, box);
  hatch(context, box, palette.rust);
  label(scene, { text: `copy of generation ${what.thief.generation}`, colour: palette.rust }, box);
  const { strikesAt } = what.thief;
  if (to !== undefined || strikesAt === null || strikesAt < now) return;
  const y = box.y + box.height / 2;
  const x = scale.x(strikesAt);
  context.strokeStyle = palette.rust;
  context.lineWidth = 1.5;
  context.setLineDash([4, 4]);
  context.beginPath();
  context.moveTo(scale.x(now), y);
  context.lineTo(x, y);
  context.stroke();
  context.setLineDash([]);
  drawDiamond(context, { x, y, colour: palette.rust, ground: palette.surface, filled: false }, 7);
}

interface Label {
  readonly text: string;
  readonly colour: string;
}

/** Writes a name into a bar that has room for it. The name stays visible while its bar is. */
function label({ context, palette }: Scene, { text, colour }: Label, { x, y, width, height }: Box) {
  context.font = `600 ${Math.min(12, height - 3)}px ${palette.font}`;
  const left = Math.max(x, 0) + 7;
  const room = x + width - left - 5;
  const wide = context.measureText(text).width;
  const short = text.replace(/^.*?(\d+)$/, '$1');
  const fits = wide <= room ? text : context.measureText(short).width <= room ? short : undefined;
  if (!fits) return;
  context.fillStyle = colour;
  context.textBaseline = 'middle';
  context.fillText(fits, left, y + height / 2 + 0.5);
}
