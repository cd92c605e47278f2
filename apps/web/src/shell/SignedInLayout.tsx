import { SignedIn } from '@latchkey/react';
import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Waiting } from '../ui/Waiting.js';
import { Navigation } from './Navigation.js';

/** The frame of pages for those who are signed in; others are asked to, and come back. */
export function SignedInLayout(): ReactNode {
  const { pathname } = useLocation();
  return (
    <SignedIn fallback={<ToSignIn next={pathname} />} pending={<Waiting />}>
      <div className="mx-auto grid max-w-6xl gap-x-10 lg:grid-cols-[12rem_minmax(0,1fr)]">
        <Navigation />
        <div className="w-full min-w-0 max-w-3xl px-4 py-8 sm:px-6 lg:py-10">
          <Outlet />
        </div>
      </div>
    </SignedIn>
  );
}

const ToSignIn = ({ next }: { next: string }) => (
  <Navigate to="/sign-in" search={next === '/notes' ? {} : { next }} replace />
);
