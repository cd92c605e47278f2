import { type ReactNode, useEffect, useState } from 'react';

/** The depths of the cuts of each key. */
const KEYS = [
  [3, 1, 4, 2, 5],
  [1, 4, 2, 5, 3],
  [5, 2, 3, 1, 4],
  [2, 5, 1, 4, 2],
] as const;

const EVERY_MS = 2_800;
const DEPTH = 9;
const PITCH = 34;
const FIRST_PIN = 206;

/** A lock whose key is replaced again and again: a picture of rotation. */
export function KeyDrawing(): ReactNode {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const timer = setInterval(() => setTurn((before) => before + 1), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const cuts = KEYS[turn % KEYS.length] ?? KEYS[0];
  return (
    <svg viewBox="0 0 440 270" aria-hidden="true" className="w-full">
      <clipPath id="blade">
        <rect x="0" y="0" width="384" height="208" />
      </clipPath>
      <rect
        x="176"
        y="6"
        width="258"
        height="250"
        rx="14"
        className="fill-sunken stroke-line"
        strokeWidth="2"
      />
      <rect x="177" y="118" width="256" height="106" className="fill-surface" />
      <path d="M177 118h256M177 224h256" className="stroke-line" strokeWidth="2" />
      <g clipPath="url(#blade)">
        <path d="M108 160h90v48h-90zM340 184h26l14 14v10h-40z" className="fill-brass-fill" />
        {cuts.map((cut, place) => (
          <Cut key={`cut-${place + 1}`} x={FIRST_PIN + place * PITCH} depth={cut * DEPTH} />
        ))}
      </g>
      {cuts.map((cut, place) => (
        <Pin key={`pin-${place + 1}`} x={FIRST_PIN + place * PITCH} depth={cut * DEPTH} />
      ))}
      <path
        fillRule="evenodd"
        d="M68 120a62 62 0 0 1 54 32v64a62 62 0 1 1-54-96zM46 168a16 16 0 1 0 0 32 16 16 0 0 0 0-32z"
        className="fill-brass-fill"
      />
      <path d="M118 200h256" className="stroke-brass-strong" strokeWidth="2" />
    </svg>
  );
}

const MOVING = 'transition-transform duration-700 ease-in-out';

/** A spring, the driver pin above the shear line, and the key pin below it. */
function Pin({ x, depth }: { x: number; depth: number }): ReactNode {
  return (
    <g>
      <rect x={x - 2} y="18" width="20" height="100" className="fill-page" />
      <path
        d={`M${x + 8} 20l7 5-14 7 14 7-14 7 14 7-14 7 7 5`}
        className="fill-none stroke-line-strong"
        strokeWidth="2"
      />
      <path
        d={`M${x} 70h16v60l-8 9-8-9z`}
        className={`fill-brass-strong ${MOVING}`}
        style={{ transform: `translateY(${depth}px)` }}
      />
      <rect x={x - 2} y="66" width="20" height="51" rx="2" className="fill-line-strong" />
    </g>
  );
}

/** The edge of the key under one pin. */
function Cut({ x, depth }: { x: number; depth: number }): ReactNode {
  return (
    <path
      d={`M${x - 9} 132h9l8 9 8-9h9v120h-34z`}
      className={`fill-brass-fill ${MOVING}`}
      style={{ transform: `translateY(${depth}px)` }}
    />
  );
}
