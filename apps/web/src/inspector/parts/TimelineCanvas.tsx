import { type PointerEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { drawTimeline } from '../drawing/drawTimeline.js';
import { heightOf, layOut } from '../drawing/layout.js';
import { markAt } from '../drawing/markAt.js';
import { type Palette, readPalette } from '../drawing/palette.js';
import { createTimeScale, type TimeView, zoom } from '../drawing/timeScale.js';
import type { Timeline } from '../timeline/createTimeline.js';
import type { Mark } from '../timeline/mark.js';

export interface TimelineCanvasProps {
  readonly timeline: Timeline;
  readonly now: () => number;
  readonly view: TimeView;
  readonly onView: (view: TimeView) => void;
  readonly isNarrow: boolean;
  readonly chosen: Mark | undefined;
  readonly onPoint: (mark: Mark | undefined) => void;
  readonly onChoose: (mark: Mark | undefined) => void;
}

/** The timeline, drawn again in every frame in which something has moved. */
export function TimelineCanvas(props: TimelineCanvasProps): ReactNode {
  const { timeline, now, view, onView, isNarrow, onPoint, onChoose } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const latest = useRef(props);
  latest.current = props;
  useWidth(canvas, setWidth);
  useDrawing(canvas, latest, width);
  useWheel(canvas, latest);
  const drag = useRef<{ x: number; end: number } | undefined>(undefined);

  const pointed = ({ nativeEvent: { offsetX: x, offsetY: y } }: PointerEvent) => {
    const at = now();
    const scale = createTimeScale(view, width, at);
    return markAt(
      { places: layOut(timeline.lanes(), { isNarrow, start: scale.start }), scale, now: at },
      { x, y },
    );
  };

  const move = (event: PointerEvent) => {
    if (!drag.current) return onPoint(pointed(event));
    const moved = ((event.clientX - drag.current.x) / width) * view.span;
    if (Math.abs(event.clientX - drag.current.x) > 4) onView({ ...view, end: drag.current.end - moved });
  };

  return (
    <canvas
      ref={canvas}
      className="block w-full touch-pan-y"
      onPointerDown={(event) => {
        drag.current = { x: event.clientX, end: createTimeScale(view, width, now()).end };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
      onPointerUp={(event) => {
        const isClick = drag.current && Math.abs(event.clientX - drag.current.x) <= 4;
        drag.current = undefined;
        if (isClick) onChoose(pointed(event));
      }}
      onPointerCancel={() => {
        drag.current = undefined;
      }}
      onPointerLeave={() => onPoint(undefined)}
    />
  );
}

function useWidth(canvas: RefObject<HTMLCanvasElement | null>, onWidth: (width: number) => void) {
  useEffect(() => {
    const { current } = canvas;
    if (!current) return;
    const observer = new ResizeObserver(([entry]) => onWidth(Math.round(entry?.contentRect.width ?? 0)));
    observer.observe(current);
    return () => observer.disconnect();
  }, [canvas, onWidth]);
}

/** Zooms when the wheel turns with a modifier key, as maps do; without one the page scrolls. */
function useWheel(canvas: RefObject<HTMLCanvasElement | null>, latest: RefObject<TimelineCanvasProps>) {
  useEffect(() => {
    const { current } = canvas;
    if (!current) return;
    const turn = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { view, now, onView } = latest.current;
      const around = createTimeScale(view, current.clientWidth, now()).time(event.offsetX);
      onView(zoom(view, Math.exp(event.deltaY / 300), around));
    };
    current.addEventListener('wheel', turn, { passive: false });
    return () => current.removeEventListener('wheel', turn);
  }, [canvas, latest]);
}

/** With reduced motion the timeline is drawn every half second. */
const CALM_MS = 500;

function useDrawing(
  canvas: RefObject<HTMLCanvasElement | null>,
  latest: RefObject<TimelineCanvasProps>,
  width: number,
) {
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    const parent = canvas.current?.parentElement;
    if (!context || !parent || width === 0) return;
    const calm = matchMedia('(prefers-reduced-motion: reduce)');
    let palette: Palette = readPalette(parent);
    let drawn = '';
    let drawnAt = 0;
    const frame = () => {
      request = requestAnimationFrame(frame);
      const { timeline, now, view, isNarrow, chosen } = latest.current;
      const at = now();
      const state = [timeline.version(), view.span, view.end ?? '', isNarrow, chosen?.id, width].join();
      const isLive = view.end === undefined;
      const isDue = isLive && at - drawnAt > (calm.matches ? CALM_MS : 0);
      if (!isDue && (state === drawn || (isLive && calm.matches))) return;
      drawn = state;
      drawnAt = at;
      const scale = createTimeScale(view, width, at);
      const places = layOut(timeline.lanes(), { isNarrow, start: scale.start });
      fit(context, width, heightOf(places));
      drawTimeline({ context, width, scale, palette, places, now: at, chosen });
    };
    let request = requestAnimationFrame(frame);
    const stopTheme = onThemeChange(() => {
      palette = readPalette(parent);
      drawn = '';
    });
    return () => {
      cancelAnimationFrame(request);
      stopTheme();
    };
  }, [canvas, latest, width]);
}

function fit(context: CanvasRenderingContext2D, width: number, height: number) {
  const { canvas } = context;
  const ratio = devicePixelRatio;
  const wide = Math.round(width * ratio);
  const high = Math.round(height * ratio);
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.height = `${height}px`;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}

/** Calls back when the theme changes; returns a function that stops this. */
function onThemeChange(callback: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(callback);
  dark.addEventListener('change', callback);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    dark.removeEventListener('change', callback);
    observer.disconnect();
  };
}
