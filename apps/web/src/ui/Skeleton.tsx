import type { ReactNode } from 'react';

export interface SkeletonProps {
  /** Announced by screen readers. */
  readonly label: string;
  readonly rows?: number;
}

/** A placeholder of about the height of the list, so that the page does not shift when the list arrives. */
export function Skeleton({ label, rows = 3 }: SkeletonProps): ReactNode {
  return (
    <div role="status" className="grid gap-px overflow-hidden rounded-lg border border-line bg-line">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row} aria-hidden className="grid animate-breathe gap-2.5 bg-surface px-4 py-4">
          <div className="h-3.5 w-3/5 rounded-sm bg-sunken" />
          <div className="h-3 w-1/4 rounded-sm bg-sunken" />
        </div>
      ))}
    </div>
  );
}
