import type { ReactNode } from 'react';
import { Latch } from './Latch.js';

/** Shown while the session is restored or a page is loaded. */
export function Waiting(): ReactNode {
  return (
    <div
      role="status"
      className="grid min-h-[60vh] place-content-center justify-items-center gap-3 text-soft"
    >
      <Latch isTurning className="size-10" />
      One moment…
    </div>
  );
}
