import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Header } from './Header.js';
import { OutageBanner } from './OutageBanner.js';
import { useArrival } from './useArrival.js';

/** The frame of every page. */
export function RootLayout(): ReactNode {
  const main = useArrival();
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-md focus:bg-surface focus:px-4 focus:py-2"
      >
        Skip to content
      </a>
      <Header />
      <OutageBanner />
      <main ref={main} id="main" tabIndex={-1}>
        <Outlet />
      </main>
    </>
  );
}
