import type { ReactNode } from 'react';

export interface AuthCardProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Links to other pages. */
  readonly footer?: ReactNode;
}

/** The card of the pages for registration, sign-in and mailed links. */
export function AuthCard({ title, children, footer }: AuthCardProps): ReactNode {
  return (
    <div className="mx-auto w-full max-w-md px-4 py-8 sm:py-16">
      <section className="grid gap-5 rounded-lg border border-line border-t-4 border-t-brass-fill bg-surface p-5 shadow-raised sm:p-8">
        <h1 className="text-2xl">{title}</h1>
        {children}
      </section>
      {footer && <p className="mt-5 text-center text-soft">{footer}</p>}
    </div>
  );
}
