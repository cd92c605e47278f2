import type { AppRouter } from '@latchkey/api/router';
import { authLink, createSession, type Session, withTokenStore } from '@latchkey/client';
import { fileTokenStore } from '@latchkey/client/node';
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client';

/** Where the server is, and which file keeps the refresh token. */
export interface ConnectOptions {
  readonly url: string;
  readonly file: string;
}

/** A session and the calls that go out under it. */
export interface Connection {
  readonly session: Session;
  readonly trpc: TRPCClient<AppRouter>;
}

/** Connects as whoever the file stands for; nothing is sent before the first call. */
export function connect({ url, file }: ConnectOptions): Connection {
  const session = createSession(withTokenStore({ url }, fileTokenStore(file)));
  const trpc = createTRPCClient<AppRouter>({
    links: [authLink(session), httpBatchLink({ url, headers: session.headers })],
  });
  return { session, trpc };
}
