import { type ReactNode, useId } from 'react';

export interface PanelProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
}

/** One section of a page. */
export function Panel({ title, description, children }: PanelProps): ReactNode {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="grid gap-x-8 gap-y-4 border-line border-t py-7 md:grid-cols-[14rem_1fr]"
    >
      <div>
        <h2 id={id} className="text-xl">
          {title}
        </h2>
        {description && <p className="mt-1.5 text-[0.9375rem] text-soft">{description}</p>}
      </div>
      <div className="grid min-w-0 content-start gap-4 [&_button[type=submit]]:sm:justify-self-start">
        {children}
      </div>
    </section>
  );
}
