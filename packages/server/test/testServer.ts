import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { initTRPC, type TRPCDefaultErrorShape, type TRPCError } from '@trpc/server';
import { type CreateExpressContextOptions, createExpressMiddleware } from '@trpc/server/adapters/express';
import type { TRPCErrorShape } from '@trpc/server/rpc';
import express, { type Request, type Response } from 'express';
import type { Connection } from 'mongoose';
import { z } from 'zod';
import type { AuthContext } from '../src/http/authContext.js';
import { type Auth, type AuthEvent, type AuthOptions, createAuth } from '../src/index.js';
import { createPlainHttp } from '../src/plainHttp/index.js';

function secret() {
  return randomBytes(32).toString('base64url');
}

/** A clock that moves only when a test moves it. */
export function turnedClock(start = Date.now()) {
  let now = start;
  return {
    now: () => now,
    advance(milliseconds: number) {
      now += milliseconds;
    },
  };
}

export const MINUTE = 60_000;
export const ORIGIN = 'http://localhost:3000';

/** Makes secrets that several servers of one test can share. */
export function testSecrets() {
  return { access: [secret()], refresh: [secret()], pepper: secret() };
}

/** Options of a test server, all optional. */
export interface TestServerOptions extends Partial<Omit<AuthOptions, 'accessToken' | 'refreshToken'>> {
  secrets?: ReturnType<typeof testSecrets>;
  accessToken?: Partial<AuthOptions['accessToken']>;
  refreshToken?: Partial<AuthOptions['refreshToken']>;
  /** Express's `trust proxy`. */
  trustProxy?: number;
}

/** Starts a host app with Latchkey on a free port, with a clock that the test moves. */
export async function startTestServer(connection: Connection, options: TestServerOptions = {}) {
  const { secrets = testSecrets(), accessToken, refreshToken, trustProxy = 0, ...rest } = options;
  const clock = turnedClock();
  const events: AuthEvent[] = [];
  const auth = createAuth({
    mongoose: connection,
    appUrl: ORIGIN,
    production: false,
    accessToken: { keys: secrets.access, ...accessToken },
    refreshToken: { keys: secrets.refresh, ...refreshToken },
    password: { pepper: secrets.pepper, bcryptCost: 4 },
    revocation: { pollMs: 20 },
    clock: clock.now,
    onEvent: (event) => events.push(event),
    ...rest,
  });
  await auth.start();

  const calls = { count: 0 };
  const createContext = (opts: CreateExpressContextOptions) => ({
    ...auth.createContext(opts),
    tenant: 'acme',
  });
  const app = express();
  app.set('trust proxy', trustProxy);
  for (const [path, router] of [
    ['/trpc', hostRouter(auth, calls, ({ shape }) => shape)],
    ['/masked', hostRouter(auth, calls, auth.errorFormatter)],
  ] as const) {
    app.use(path, auth.express(), createExpressMiddleware({ router, createContext, maxBatchSize: 20 }));
  }
  const plain = createPlainHttp<Request, Response>(auth, {
    router: hostRouter(auth, calls, auth.errorFormatter),
  });
  app.use(plain.handler);
  app.get('/openapi.json', (_req, res) => void res.json(plain.openApiDocument()));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    auth,
    clock,
    events,
    /** How often a resolver of the host has run. */
    calls,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await auth.stop();
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

type ErrorFormatter = (options: {
  error: TRPCError;
  path: string | undefined;
  shape: TRPCDefaultErrorShape;
}) => TRPCErrorShape;

/** A host's router; `/trpc` has tRPC's own error formatter, `/masked` Latchkey's. */
function hostRouter(auth: Auth, calls: { count: number }, errorFormatter: ErrorFormatter) {
  const t = initTRPC.context<AuthContext & { tenant: string }>().create({ errorFormatter });
  const protectedProcedure = t.procedure.concat(auth.protectedProcedure);
  const counted = <T>(value: T) => {
    calls.count += 1;
    return value;
  };
  return t.router({
    auth: auth.router,
    admin: auth.adminRouter,
    host: t.router({
      open: t.procedure.query(() => counted('open')),
      who: protectedProcedure.query(({ ctx }) => counted({ userId: ctx.session.userId, tenant: ctx.tenant })),
      write: protectedProcedure
        .input(z.strictObject({ text: z.string() }))
        .mutation(() => counted('written')),
      broken: protectedProcedure.query(() => {
        throw new Error('secret detail at 10.0.0.7');
      }),
      strict: t.procedure.concat(auth.strictProcedure).query(({ ctx }) => counted(ctx.user.username)),
      recent: t.procedure
        .concat(auth.recentProcedure({ maxAgeMs: 5 * MINUTE }))
        .query(() => counted('recent')),
      admin: t.procedure.concat(auth.roleProcedure('admin')).query(() => counted('admin')),
      ticks: protectedProcedure.subscription(async function* ({ ctx, signal }) {
        const end = auth.streamSignal(ctx.session, signal);
        yield 0;
        await new Promise<void>((resolve) => end.addEventListener('abort', () => resolve(), { once: true }));
        throw end.reason;
      }),
    }),
  });
}

/** Starts a server with one handler; a request that it passes on is answered with 404. */
export async function serve(handler: (req: Request, res: Response, next: () => void) => void) {
  const app = express().use(handler);
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
