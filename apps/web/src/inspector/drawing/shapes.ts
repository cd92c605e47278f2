/** Draws one mark of what happens around a point; `filled` or as an outline. */
export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly colour: string;
  readonly ground: string;
  readonly filled: boolean;
}

export const drawCircle = (
  context: CanvasRenderingContext2D,
  { x, y, colour, ground, filled }: Dot,
  radius: number,
): void => {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  paint(context, { colour, ground, filled });
};

export const drawDiamond = (
  context: CanvasRenderingContext2D,
  { x, y, colour, ground, filled }: Dot,
  radius: number,
): void => {
  context.beginPath();
  context.moveTo(x, y - radius);
  context.lineTo(x + radius, y);
  context.lineTo(x, y + radius);
  context.lineTo(x - radius, y);
  context.closePath();
  paint(context, { colour, ground, filled });
};

/** A cross: something was cut off here. */
export const drawCross = (context: CanvasRenderingContext2D, { x, y, colour }: Dot, radius: number): void => {
  context.beginPath();
  context.moveTo(x - radius, y - radius);
  context.lineTo(x + radius, y + radius);
  context.moveTo(x + radius, y - radius);
  context.lineTo(x - radius, y + radius);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.stroke();
};

const paint = (
  context: CanvasRenderingContext2D,
  { colour, ground, filled }: Pick<Dot, 'colour' | 'ground' | 'filled'>,
) => {
  context.fillStyle = filled ? colour : ground;
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = 1.75;
  context.stroke();
};

/** A bar with round corners. */
export const fillBar = (
  context: CanvasRenderingContext2D,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  radius = 4,
): void => {
  context.beginPath();
  context.roundRect(x, y, Math.max(1, width), height, Math.min(radius, height / 2, Math.max(1, width) / 2));
  context.fill();
};

/** Slanted lines over an area, for what is provisional. */
export const hatch = (
  context: CanvasRenderingContext2D,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  colour: string,
): void => {
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
};
