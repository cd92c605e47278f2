import { afterEach, expect, test, vi } from 'vitest';
import { observeSession } from './observeSession.js';
import { createRecorder } from './recorder.js';

afterEach(() => vi.unstubAllGlobals());

/** An observer, and a refresh through it that is answered with a token of this generation and life. */
function observe() {
  vi.stubGlobal('BroadcastChannel', class {});
  const recorder = createRecorder();
  const observer = observeSession(recorder, 'channel');
  const refresh = async (generation: number, expiresIn: number) => {
    const data = { accessToken: `${generation} ${expiresIn}`, expiresIn, session: { id: 's', generation } };
    vi.stubGlobal('fetch', async () => Response.json({ result: { data } }));
    await observer.fetch('/trpc/auth.refresh');
    const { generation: kept, at = 0, end = 0 } = recorder.token() ?? {};
    return { generation: kept, seconds: Math.round((end - at) / 1_000) };
  };
  return { observer, refresh };
}

test('takes the newest generation for the token in use, and of one generation the token that ends last', async () => {
  const { refresh } = observe();
  expect(await refresh(1, 900)).toEqual({ generation: 1, seconds: 900 });
  expect(await refresh(1, 5)).toEqual({ generation: 1, seconds: 900 });
  expect(await refresh(2, 5)).toEqual({ generation: 2, seconds: 5 });
  expect(await refresh(1, 900)).toEqual({ generation: 2, seconds: 5 });
  expect(await refresh(2, 900)).toEqual({ generation: 2, seconds: 900 });
});

test('takes a token that ends earlier once the guard has refused the one in use', async () => {
  const { observer, refresh } = observe();
  await refresh(1, 900);
  observer.refused();
  expect(await refresh(1, 5)).toEqual({ generation: 1, seconds: 5 });
  expect(await refresh(1, 2)).toEqual({ generation: 1, seconds: 5 });
});
