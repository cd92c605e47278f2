import type { ReactNode } from 'react';

export interface PageHeaderProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** An action for the whole page. */
  readonly action?: ReactNode;
  /** Sets the margin below. */
  readonly className?: string;
}

/** The title of a page with one line about it. */
export function PageHeader({ title, children, action, className = 'mb-6' }: PageHeaderProps): ReactNode {
  return (
    <div className={`flex flex-wrap items-end justify-between gap-x-6 gap-y-3 ${className}`}>
      <div className="max-w-prose">
        <h1 className="text-3xl">{title}</h1>
        {children && <p className="mt-1.5 text-soft">{children}</p>}
      </div>
      {action}
    </div>
  );
}
