import { SessionProvider, type SessionProviderProps, SignedIn } from '@latchkey/react';
import { type DehydratedState, HydrationBoundary, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { BookList } from './BookList.js';
import { SignInForm } from './SignInForm.js';
import { SignOutButton } from './SignOutButton.js';
import { type createClients, TRPCProvider } from './trpc.js';

/** What the server knew when it rendered the page; the page in the browser begins with the same. */
export interface PageState {
  readonly queries?: DehydratedState;
  readonly user?: SessionProviderProps['initialUser'];
}

export interface PageProps {
  readonly clients: ReturnType<typeof createClients>;
  readonly state: PageState;
}

export function Page({ clients, state }: PageProps): ReactNode {
  const { session, queryClient, trpcClient } = clients;
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>To read</title>
      </head>
      <body>
        <h1>To read</h1>
        <QueryClientProvider client={queryClient}>
          <SessionProvider session={session} queryClient={queryClient} initialUser={state.user}>
            <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
              <HydrationBoundary state={state.queries}>
                <SignedIn fallback={<SignInForm />} pending={<p>One moment…</p>}>
                  <SignOutButton />
                  <BookList />
                </SignedIn>
              </HydrationBoundary>
            </TRPCProvider>
          </SessionProvider>
        </QueryClientProvider>
      </body>
    </html>
  );
}
