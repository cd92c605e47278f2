/** A mark around a point, filled or outlined. */
export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly colour: string;
  readonly ground: string;
  readonly filled: boolean;
}

type Paint = (context: OffscreenCanvasRenderingContext2D) => void;

/** Images of single marks: copying one is several times cheaper than drawing it, and there are thousands. */
const stamps = new Map<string, OffscreenCanvas>();
const MOST_STAMPS = 200;

function stampOf(key: string, { half, ratio }: { half: number; ratio: number }, paint: Paint) {
  const known = stamps.get(key);
  if (known) return known;
  if (stamps.size >= MOST_STAMPS) stamps.clear();
  const made = new OffscreenCanvas(2 * half * ratio, 2 * half * ratio);
  const context = made.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, half * ratio, half * ratio);
  if (context) paint(context);
  stamps.set(key, made);
  return made;
}

function stamp(
  context: CanvasRenderingContext2D,
  { shape, radius, trace }: { shape: string; radius: number; trace: Paint },
  { x, y, ...look }: Dot,
) {
  const ratio = devicePixelRatio;
  const half = Math.ceil(radius) + 2;
  const key = [shape, radius, ratio, look.colour, look.ground, look.filled].join();
  const picture = stampOf(key, { half, ratio }, (made) => {
    trace(made);
    paint(made, look);
  });
  context.drawImage(picture, x - half, y - half, 2 * half, 2 * half);
}

export function drawCircle(context: CanvasRenderingContext2D, dot: Dot, radius: number): void {
  stamp(context, { shape: 'circle', radius, trace: (made) => traceCircle(made, radius) }, dot);
}

export function drawDiamond(context: CanvasRenderingContext2D, dot: Dot, radius: number): void {
  stamp(context, { shape: 'diamond', radius, trace: (made) => traceDiamond(made, radius) }, dot);
}

function traceCircle(context: OffscreenCanvasRenderingContext2D, radius: number) {
  context.beginPath();
  context.arc(0, 0, radius, 0, 2 * Math.PI);
}

function traceDiamond(context: OffscreenCanvasRenderingContext2D, radius: number) {
  context.beginPath();
  context.moveTo(0, -radius);
  context.lineTo(radius, 0);
  context.lineTo(0, radius);
  context.lineTo(-radius, 0);
  context.closePath();
}

/** A cross for a connection that was cut. */
export function drawCross(context: CanvasRenderingContext2D, { x, y, colour }: Dot, radius: number): void {
  context.beginPath();
  context.moveTo(x - radius, y - radius);
  context.lineTo(x + radius, y + radius);
  context.moveTo(x + radius, y - radius);
  context.lineTo(x - radius, y + radius);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.stroke();
}

function paint(
  context: OffscreenCanvasRenderingContext2D,
  { colour, ground, filled }: Pick<Dot, 'colour' | 'ground' | 'filled'>,
) {
  context.fillStyle = filled ? colour : ground;
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = 1.75;
  context.stroke();
}

/** A bar with round corners. */
export function fillBar(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  radius = 4,
): void {
  context.beginPath();
  context.roundRect(x, y, Math.max(1, width), height, Math.min(radius, height / 2, Math.max(1, width) / 2));
  context.fill();
}

/** Slanted lines over an area. */
export function hatch(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  colour: string,
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.beginPath();
  for (let offset = x - (x % 7) - height - 7; offset < x + width; offset += 7) {
    context.moveTo(offset, y + height);
    context.lineTo(offset + height, y);
  }
  context.strokeStyle = colour;
  context.globalAlpha *= 0.4;
  context.lineWidth = 1;
  context.stroke();
  context.restore();
}
