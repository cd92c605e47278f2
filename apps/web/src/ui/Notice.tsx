import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

const KINDS = {
  info: { Icon: Info, className: 'bg-sunken' },
  good: { Icon: CircleCheck, className: 'bg-patina-tint text-patina' },
  warning: { Icon: TriangleAlert, className: 'bg-amber-tint text-amber' },
  wrong: { Icon: CircleAlert, className: 'bg-rust-tint text-rust' },
} as const;

export interface NoticeProps {
  readonly kind?: keyof typeof KINDS;
  readonly children: ReactNode;
  /** A button or link that helps. */
  readonly action?: ReactNode;
}

/** A message within the page. */
export function Notice({ kind = 'info', children, action }: NoticeProps): ReactNode {
  const { Icon, className } = KINDS[kind];
  return (
    <div className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md px-3.5 py-2.5 ${className}`}>
      <div className="flex min-w-0 flex-1 basis-56 gap-2.5">
        <Icon aria-hidden className="mt-1 size-4 flex-none" />
        <div className="min-w-0">{children}</div>
      </div>
      {action}
    </div>
  );
}
