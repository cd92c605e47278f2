import { afterEach, expect, test, vi } from 'vitest';
import { createStreamSignal } from './streamEnd.js';

afterEach(() => {
  vi.useRealTimers();
});

/** A feed of revocations that knows one session, and the streams that follow it. */
function setUp() {
  vi.useFakeTimers({ now: 0 });
  const listeners = new Set<() => void>();
  let isRevoked = false;
  let stopped = 0;
  const streamSignal = createStreamSignal({
    clock: Date.now,
    revocations: {
      has: () => isRevoked,
      onRevoked: (_id, listener) => {
        listeners.add(listener);
        return () => {
          stopped += 1;
          listeners.delete(listener);
        };
      },
    },
  });
  const session = {
    id: 's',
    userId: 'u',
    generation: 0,
    roles: [],
    authenticatedAt: new Date(0),
    tokenExpiresAt: new Date(60_000),
  };
  return {
    streamSignal: (request?: AbortSignal) => streamSignal(session, request),
    revoke: () => {
      isRevoked = true;
      for (const listener of listeners) listener();
    },
    listening: () => listeners.size,
    stopped: () => stopped,
  };
}

test('ends a stream at once whose token ended before it began', () => {
  const world = setUp();
  vi.advanceTimersByTime(60_000);
  const signal = world.streamSignal();
  expect(signal.reason).toMatchObject({ cause: { reason: 'TOKEN_EXPIRED' } });
  expect(world.listening()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('ends a stream once, though its token ends, its session is revoked and its client leaves', () => {
  const world = setUp();
  const request = new AbortController();
  const signal = world.streamSignal(request.signal);
  vi.advanceTimersByTime(60_000);
  world.revoke();
  request.abort();
  expect(signal.reason).toMatchObject({ cause: { reason: 'TOKEN_EXPIRED' } });
  expect(world.stopped()).toBe(1);
});

test('leaves nothing behind when the client leaves before or after the stream begins', () => {
  const world = setUp();
  const request = new AbortController();
  const early = world.streamSignal(request.signal);
  request.abort();
  const late = world.streamSignal(request.signal);
  for (const signal of [early, late]) expect(signal.reason).toBe(request.signal.reason);
  expect(world.listening()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('ends a stream whose session was revoked after the guard looked', () => {
  const world = setUp();
  world.revoke();
  expect(world.streamSignal().reason).toMatchObject({ cause: { reason: 'SESSION_REVOKED' } });
  expect(world.listening()).toBe(0);
});
