import { SignedIn } from '@latchkey/react';
import { Outlet, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Toaster } from '../ui/toasts.js';
import { Waiting } from '../ui/Waiting.js';
import { Navigation } from './Navigation.js';
import { Redirect } from './Redirect.js';

/** The frame of pages that need a sign-in. After signing in, people come back to the page. */
export function SignedInLayout(): ReactNode {
  const { pathname } = useLocation();
  return (
    <SignedIn fallback={<Redirect to={signInAddress(pathname)} />} pending={<Waiting />}>
      <div className="mx-auto grid max-w-6xl gap-x-10 lg:min-h-[calc(100dvh-4.0625rem)] lg:grid-cols-[13.5rem_minmax(0,1fr)]">
        <Navigation isBeside />
        <div className="w-full min-w-0 px-4 py-8 sm:px-6 lg:py-10">
          <Outlet />
        </div>
      </div>
      <Toaster />
    </SignedIn>
  );
}

function signInAddress(next: string) {
  return next === '/notes' ? '/sign-in' : `/sign-in?${new URLSearchParams({ next })}`;
}
