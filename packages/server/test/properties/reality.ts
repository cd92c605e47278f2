import type { Connection } from 'mongoose';
import { createTestClient, PASSWORD, type TestClient } from '../testClient.js';
import type { TestDatabase } from '../testDatabase.js';
import { startTestServer, type TestServer, testSecrets, turnedClock } from '../testServer.js';

export const GRACE_MS = 30_000;
export const LIFETIME_MS = 24 * 60 * 60_000;
export const IDLE_MS = 8 * 60 * 60_000;
export const HEAL_LIMIT = 8;

/** What a client can know of one session. */
export interface KnownSession {
  readonly id: string;
  readonly expiresAt: string;
  /** Every refresh token that an answer gave out, by its generation. */
  readonly tokens: Map<number, string>;
  /** The last access token that an answer gave out, by its generation. */
  readonly accessTokens: Map<number, string>;
  /** The requests that rotated, newest first. */
  rotations: { generation: number; episode: string }[];
  /** The highest generation answered since the last rollback. */
  generation: number;
  /** The highest generation that was acknowledged since the last rollback. */
  used: number;
  /** When a refresh was last answered with credentials. */
  answeredAt: number;
  /** When the session was last rotated, for its idle end. */
  rotatedAt: number;
  ended: boolean;
  rolledBack: boolean;
}

/** The model: one person's browser, perhaps a thief, and all that clients know. */
export interface Model {
  session: KnownSession;
  /** The generation of the token in the browser's jar. */
  jar: number;
  /** The generation of the thief's token. */
  thief: number | undefined;
  /** Whether the thief got credentials: from then on an alarm may end the session at any time. */
  disturbed: boolean;
  backup: Backup | undefined;
}

/** A copy of the session as stored, and what was known at that time. */
export interface Backup {
  readonly document: Record<string, unknown>;
  readonly known: Pick<KnownSession, 'generation' | 'used' | 'rotatedAt'>;
}

/** The real server, which may be restarted at any time, its clock and its database. */
export interface Reality extends AsyncDisposable {
  readonly clock: ReturnType<typeof turnedClock>;
  readonly sessions: ReturnType<Connection['collection']>;
  server(): TestServer;
  restart(): Promise<void>;
  newPerson(): Promise<{ model: Model; real: Real }>;
  /** Counts an outcome, so that a test can tell whether it has shown anything. */
  note(outcome: string): void;
  seen(outcome: string): number;
}

/** One person in {@link Reality}. */
export interface Real {
  readonly reality: Reality;
  readonly userId: string;
  readonly username: string;
  /** Makes a client with these tokens. */
  client(tokens?: { token?: string | undefined; accessToken?: string | undefined }): TestClient;
  /** A new episode id. */
  episode(): string;
}

/** Starts a server on the database; the commands move its clock. */
export async function createReality(database: TestDatabase): Promise<Reality> {
  const clock = turnedClock();
  const secrets = testSecrets();
  const start = () =>
    startTestServer(database.connection, {
      secrets,
      clock: clock.now,
      refreshToken: { graceMs: GRACE_MS, healLimit: HEAL_LIMIT },
      session: { lifetimeMs: LIFETIME_MS, idleMs: IDLE_MS },
      // A restored backup forgets that a session ended, but the feed does not: without polls only the database decides.
      revocation: { pollMs: 60_000 },
    });
  let server = await start();
  let people = 0;
  let episodes = 0;
  const outcomes = new Map<string, number>();

  const reality: Reality = {
    clock,
    sessions: database.connection.collection('latchkey_sessions'),
    server: () => server,
    async restart() {
      const old = server;
      server = await start();
      await old[Symbol.asyncDispose]();
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    note(outcome) {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    },
    seen: (outcome) => outcomes.get(outcome) ?? 0,
    async newPerson() {
      people += 1;
      const username = `person${people}`;
      const browser = createTestClient(server.url);
      const { user } = await browser.register(username);
      const session = await signIn(browser, username, clock.now());
      const real: Real = {
        reality,
        username,
        userId: user.id,
        client(tokens = {}) {
          const client = createTestClient(server.url);
          client.jar = tokens.token;
          client.accessToken = tokens.accessToken;
          return client;
        },
        episode: () => `episode-${++episodes}`,
      };
      return { model: { session, jar: 0, thief: undefined, disturbed: false, backup: undefined }, real };
    },
  };
  return reality;
}

/** Signs in with a browser, which ends its present session. */
export async function signIn(browser: TestClient, username: string, now: number): Promise<KnownSession> {
  const answer = await browser.mutate('auth.login', { identifier: username, password: PASSWORD });
  const { session, accessToken } = browser.signedIn(answer);
  return {
    id: session.id,
    expiresAt: session.expiresAt,
    tokens: new Map([[0, browser.jar ?? '']]),
    accessTokens: new Map([[0, accessToken]]),
    rotations: [],
    generation: 0,
    used: 0,
    answeredAt: Number.NEGATIVE_INFINITY,
    rotatedAt: now,
    ended: false,
    rolledBack: false,
  };
}
