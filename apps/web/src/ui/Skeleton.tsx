import type { ReactNode } from 'react';

export interface SkeletonProps {
  /** What is being fetched, for those who do not see it. */
  readonly label: string;
  readonly rows?: number;
}

/** The place of a list that is on its way, of about its height, so that nothing jumps when it comes. */
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
