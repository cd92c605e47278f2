import {
  createTRPCClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpLink,
  isNonJsonSerializable,
  retryLink,
  splitLink,
  TRPCClientError,
  type TRPCLink,
} from '@trpc/client';
import { observable } from '@trpc/server/observable';
import superjson from 'superjson';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { authLink, type Session, sendOnceLink } from '../src/index.js';
import { createTestClock } from '../src/testing/index.js';
import { arrive } from './arrive.js';
import type { LinkFetch } from './browser.js';
import { type RealRouter, type RealServer, startRealServer } from './realServer.js';
import { until } from './setup.js';
import { socketLinks } from './socketLinks.js';

const clock = createTestClock();
let server: RealServer;
/** Status of every answer that a link got. */
const statuses: number[] = [];

beforeAll(async () => {
  server = await startRealServer({ now: clock.now, lifetimeMs: 60_000 });
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.received.length = 0;
  statuses.length = 0;
});

type Links = (session: Session, fetch: LinkFetch) => TRPCLink<RealRouter>[];

function http(session: Session, fetch: LinkFetch) {
  return {
    url: server.url,
    transformer: superjson,
    headers: session.headers,
    fetch,
  };
}

function single(session: Session, fetch: LinkFetch): TRPCLink<RealRouter>[] {
  return [authLink(session), httpLink(http(session, fetch))];
}

function batch(session: Session, fetch: LinkFetch): TRPCLink<RealRouter>[] {
  return [authLink(session), httpBatchLink(http(session, fetch))];
}

function stream(session: Session, fetch: LinkFetch): TRPCLink<RealRouter>[] {
  return [authLink(session), httpBatchStreamLink(http(session, fetch))];
}

const retry = retryLink<RealRouter>({ retry: ({ attempts }) => attempts < 2 });

function retryOutside(session: Session, fetch: LinkFetch): TRPCLink<RealRouter>[] {
  return [retry, authLink(session), httpBatchLink(http(session, fetch))];
}

function retryInside(session: Session, fetch: LinkFetch): TRPCLink<RealRouter>[] {
  return [authLink(session), retry, httpBatchLink(http(session, fetch))];
}

function split(session: Session, fetch: LinkFetch): TRPCLink<RealRouter>[] {
  return [
    authLink(session),
    splitLink({
      condition: ({ input }) => isNonJsonSerializable(input),
      true: httpLink(http(session, fetch)),
      false: httpBatchLink(http(session, fetch)),
    }),
  ];
}

function socket(session: Session): TRPCLink<RealRouter>[] {
  return socketLinks(session, server, 100);
}

const everyLink = [
  ['httpLink', single],
  ['httpBatchLink', batch],
  ['httpBatchStreamLink', stream],
  ['splitLink', split],
  ['retryLink before authLink', retryOutside],
  ['retryLink after authLink', retryInside],
  ['wsLink', socket],
] as const;

async function register(links: Links) {
  const person = await arrive(
    {
      url: server.url,
      connect: (session, fetch) => {
        const noting: LinkFetch = async (input, init) => {
          const response = await fetch(input, init);
          statuses.push(response.status);
          return response;
        };
        return createTRPCClient<RealRouter>({ links: links(session, noting) });
      },
    },
    clock,
  );
  server.requests.length = 0;
  return person;
}

const day = new Date('2026-01-02T03:04:05.678Z');

test.each(everyLink)('%s: calls outlive their token, each runs once', async (_name, links) => {
  using person = await register(links);
  const { trpc, session } = person;
  const letGo = server.hold();
  const underWay = trpc.whenOpened.query();
  await until(() => expect(server.waiting()).toBe(1));
  server.endTokens();
  const answers = await Promise.all([
    trpc.echo.query(day),
    trpc.write.mutate(day),
    trpc.open.query(),
    trpc.auth.me.query(),
  ]);
  expect(answers.slice(0, 3)).toEqual([day, 1, 'open']);
  expect(answers[3].username).toBe(person.username);
  expect(server.received).toEqual([day]);
  expect(server.refreshes()).toBe(1);
  expect(session.getSnapshot().status).toBe('authenticated');
  // Let in before, it is not disturbed by what happened to the others.
  letGo();
  expect(await underWay).toEqual(new Date(0));
});

test.each(everyLink)('%s: an aborted call ends at once', async (_name, links) => {
  using person = await register(links);
  await person.trpc.echo.query(day);
  server.endTokens();
  const controller = new AbortController();
  const call = person.trpc.echo.query(day, { signal: controller.signal });
  controller.abort();
  await expect(call).rejects.toThrow();
  expect(await person.trpc.echo.query(day)).toEqual(day);
});

test.each([
  ['a 207 batch', batch, 207],
  ['a 200 stream', stream, 200],
] as const)('sends again what was refused inside %s, and only that', async (_name, links, status) => {
  using person = await register(links);
  server.endTokens();
  const answers = await Promise.all([
    person.trpc.open.query(),
    person.trpc.echo.query(day),
    person.trpc.open.query(),
  ]);
  expect(answers).toEqual(['open', day, 'open']);
  expect(server.requests).toEqual(['open,echo,open', 'auth.refresh', 'echo']);
  expect(statuses).toEqual([status, 200]);
});

function form() {
  const data = new FormData();
  data.set('name', 'notes.txt');
  data.set('file', new File(['what is in it'], 'notes.txt'));
  return data;
}

test('sends a form with a file again that was refused before it was looked at', async () => {
  using person = await register(split);
  server.endTokens();
  expect(await person.trpc.upload.mutate(form())).toEqual({ name: 'notes.txt' });
  expect(server.received).toEqual(['what is in it']);
  expect(server.requests).toEqual(['upload', 'auth.refresh', 'upload']);
});

test.each([
  ['a Blob', new Blob([new Uint8Array(300_000)])],
  ['bytes', new Uint8Array(300_000)],
])('sends %s again that were refused before they were read', async (_name, body) => {
  using person = await register(split);
  server.endTokens();
  expect(await person.trpc.bytes.mutate(body)).toEqual({ size: 300_000 });
  expect(server.received).toEqual([300_000]);
  expect(server.requests).toEqual(['bytes', 'auth.refresh', 'bytes']);
});

test('sends a form only once when its answer is lost', async () => {
  let isLost = false;
  using person = await register((session, fetch) =>
    split(session, async (input, init) => {
      const response = await fetch(input, init);
      if (isLost) throw new TypeError('fetch failed');
      return response;
    }),
  );
  isLost = true;
  await expect(person.trpc.upload.mutate(form())).rejects.toThrow('fetch failed');
  expect(server.received).toEqual(['what is in it']);
  expect(server.requests).toEqual(['upload']);
});

test('opens one connection for each token, and closes the older one when nothing is under way on it', async () => {
  using person = await register(socket);
  await person.trpc.echo.query(day);
  expect(server.sockets.size).toBe(1);
  await person.session.refresh();
  await person.trpc.echo.query(day);
  await until(() => expect(server.sockets.size).toBeLessThanOrEqual(1));
  await until(() => expect(server.sockets.size).toBe(0));
});

/** A host's own terminating link, which sends a stream as it is. */
function streamBodies(session: Session, fetch: LinkFetch): TRPCLink<RealRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        const headers = { ...session.headers({ op }), 'content-type': 'application/octet-stream' };
        const init = { method: 'POST', headers, body: op.input, duplex: 'half' };
        fetch(`${server.url}/${op.path}`, init)
          .then((response) => response.json())
          .then(({ error, result }) => {
            if (error) return observer.error(TRPCClientError.from({ error: superjson.deserialize(error) }));
            observer.next({ result: { data: superjson.deserialize(result.data) } });
            observer.complete();
          })
          .catch((cause) => observer.error(TRPCClientError.from(cause)));
        return () => {};
      });
}

function once(session: Session, fetch: LinkFetch): TRPCLink<RealRouter>[] {
  return [sendOnceLink(session), streamBodies(session, fetch)];
}

/** A body that can be read once, and how many bytes of it were. */
function createBody() {
  const body = { taken: 0 };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (body.taken === 300_000) return controller.close();
        controller.enqueue(new Uint8Array(100_000));
        body.taken += 100_000;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, stream };
}

test('gets a new token before it sends a stream', async () => {
  using person = await register(once);
  server.endTokens();
  expect(await person.trpc.pour.mutate(createBody().stream)).toEqual({ size: 300_000 });
  expect(server.requests).toEqual(['auth.refresh', 'pour']);
});

test('passes a refusal on rather than send a stream a second time', async () => {
  using person = await register((session, fetch) =>
    once(session, (input, init) => {
      server.endTokens();
      return fetch(input, init);
    }),
  );
  const call = person.trpc.pour.mutate(createBody().stream);
  await expect(call).rejects.toMatchObject({ data: { reason: 'TOKEN_EXPIRED' } });
  expect(server.requests).toEqual(['auth.refresh', 'pour']);
  expect(server.received).toEqual([]);
});

test('does not take from a stream whose call was aborted before it went out', async () => {
  using person = await register(once);
  const controller = new AbortController();
  const { body, stream: input } = createBody();
  const call = person.trpc.pour.mutate(input, { signal: controller.signal });
  controller.abort();
  await expect(call).rejects.toMatchObject({ cause: { name: 'AbortError' } });
  await person.session.refresh();
  expect(body.taken).toBe(0);
  expect(server.requests).not.toContain('pour');
});
