import { type Credentials, createSession, type Session } from '@latchkey/client';
import { act, configure } from '@testing-library/react';
import { onTestFinished } from 'vitest';

// Only the test's own timeout ends a wait: a loaded machine may take its time.
configure({ asyncUtilTimeout: 60_000 });

/** What the server answers to a person's sign-in or refresh. */
export function credentialsOf(username: string, expiresIn = 900): Credentials {
  return {
    user: {
      id: `id-${username}`,
      username,
      email: `${username}@example.org`,
      emailVerified: false,
      roles: [],
      createdAt: '2026-01-01T00:00:00.000Z',
    },
    session: { id: `session-${username}`, generation: 0, expiresAt: '2030-01-01T00:00:00.000Z' },
    accessToken: `token-${username}`,
    expiresIn,
  };
}

function refusal(reason: string) {
  return {
    error: { code: -32001, message: reason, data: { code: 'UNAUTHORIZED', httpStatus: 401, reason } },
  };
}

/** A session over a server that knows who holds the cookie, and may be down. */
export function createWorld(holder?: string) {
  const state = { holder, down: false, calls: [] as string[] };
  const session = createSession({
    url: '/trpc',
    channel: false,
    fetch: async (input, init) => {
      const procedure = String(input).replace('/trpc/auth.', '');
      state.calls.push(procedure);
      if (state.down) throw new TypeError('fetch failed');
      if (procedure === 'login') state.holder = JSON.parse(String(init?.body)).identifier;
      if (procedure === 'logout') state.holder = undefined;
      const answer = state.holder
        ? { result: { data: credentialsOf(state.holder) } }
        : refusal('REFRESH_MISSING');
      return Response.json(answer, { status: state.holder ? 200 : 401 });
    },
  });
  onTestFinished(() => session.close());
  return { state, session };
}

/** Signs a person in, and lets React show it. */
export function login(session: Session, identifier: string) {
  return act(async () => {
    await session.login({ identifier, password: 'right' });
  });
}
