import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
}

/** Shown in place of an empty list, with what to do next. */
export function EmptyState({ icon: Icon, title, children }: EmptyStateProps): ReactNode {
  return (
    <div className="grid justify-items-center gap-2 rounded-lg border border-line border-dashed px-6 py-14 text-center">
      <Icon aria-hidden className="size-8 text-brass" strokeWidth={1.5} />
      <p className="font-display font-semibold text-lg">{title}</p>
      <div className="max-w-sm text-soft">{children}</div>
    </div>
  );
}
