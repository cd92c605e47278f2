import { Link } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { buttonClass } from '../ui/Button.js';

export function NotFoundPage(): ReactNode {
  return (
    <div className="mx-auto grid min-h-[60vh] max-w-md place-content-center justify-items-start gap-4 px-4">
      <SearchX aria-hidden className="size-10 text-brass" strokeWidth={1.5} />
      <h1 className="text-3xl">Page not found</h1>
      <p className="text-soft">There is no page at this address.</p>
      <Link to="/" className={buttonClass({ look: 'primary' })}>
        Go to the start page
      </Link>
    </div>
  );
}
