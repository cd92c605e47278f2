import { Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/Button.js';

/** Shown in place of a page that failed, for example because its script could not be loaded during an outage. */
export function BrokenPage({ error }: { error: unknown }): ReactNode {
  return (
    <div
      role="alert"
      className="mx-auto grid min-h-[60vh] max-w-md place-content-center justify-items-start gap-4 px-4"
    >
      <Unplug aria-hidden className="size-10 text-rust" strokeWidth={1.5} />
      <h1 className="text-3xl">This page could not be loaded</h1>
      <p className="text-soft">{error instanceof Error ? error.message : String(error)}</p>
      <Button look="primary" onClick={() => window.location.reload()}>
        Reload
      </Button>
    </div>
  );
}
