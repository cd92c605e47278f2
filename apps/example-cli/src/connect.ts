import type { AppRouter } from '@latchkey/api/router';
import { authLink, createSession, type Session, withTokenStore } from '@latchkey/client';
import { fileTokenStore } from '@latchkey/client/node';
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client';

export interface ConnectOptions {
  readonly url: string;
  /** Keeps the refresh token. */
  readonly file: string;
}

export interface Connection {
  readonly session: Session;
  readonly trpc: TRPCClient<AppRouter>;
}

/** Connects with the refresh token of the file. Sends nothing before the first call. */
export function connect({ url, file }: ConnectOptions): Connection {
  const session = createSession(withTokenStore({ url }, fileTokenStore(file)));
  const trpc = createTRPCClient<AppRouter>({
    links: [authLink(session), httpBatchLink({ url, headers: session.headers })],
  });
  return { session, trpc };
}
