import { SignedIn } from '@latchkey/react';
import { Outlet, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Redirect } from './Redirect.js';

/** The frame of pages for people who are not signed in. Redirects as soon as they are. */
export function AnonymousLayout(): ReactNode {
  const { next = '/notes' } = useSearch({ from: '/anonymous' });
  return (
    <SignedIn fallback={<Outlet />} pending={<Outlet />}>
      <Redirect to={next} />
    </SignedIn>
  );
}
