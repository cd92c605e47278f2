import type { Connection } from 'mongoose';
import { createTestClient, PASSWORD, type TestClient } from '../testClient.js';
import type { TestDatabase } from '../testDatabase.js';
import { startTestServer, type TestServer, testSecrets, turnedClock } from '../testServer.js';

export const GRACE_MS = 30_000;
export const LIFETIME_MS = 24 * 60 * 60_000;
export const IDLE_MS = 8 * 60 * 60_000;
export const HEAL_LIMIT = 8;

/** What is known from outside of one session. */
export interface KnownSession {
  readonly id: string;
  readonly expiresAt: string;
  /** Every refresh token that an answer gave out, by its generation. */
  readonly tokens: Map<number, string>;
  /** The last access token that an answer gave out, by its generation. */
  readonly accessTokens: Map<number, string>;
  /** Requests that moved the session on, newest first, as they were sent. */
  rotations: { generation: number; episode: string }[];
  /** The highest generation answered since the last rollback. */
  generation: number;
  /** The highest generation whose access token was used since the last rollback, and noted. */
  used: number;
  /** When a refresh was last answered with credentials. */
  answeredAt: number;
  /** When the session was last rotated, for its idle end. */
  rotatedAt: number;
  ended: boolean;
  rolledBack: boolean;
}

/** The model: one person's browser, perhaps a thief, and all that is known from outside. */
export interface Model {
  session: KnownSession;
  /** The generation of what the browser's jar holds. */
  jar: number;
  /** The same of a thief. */
  thief: number | undefined;
  /** The thief was answered, so that an alarm may end the session at any time from now on. */
  disturbed: boolean;
  backup: Backup | undefined;
}

/** A copy of the session as stored, and what was known at that time. */
export interface Backup {
  readonly document: Record<string, unknown>;
  readonly known: Pick<KnownSession, 'generation' | 'used' | 'rotatedAt'>;
}

/** The real thing: a server that may be restarted under everybody's feet, its clock, its database. */
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
  /** A client that holds these. */
  client(held?: { token?: string | undefined; accessToken?: string | undefined }): TestClient;
  /** A new episode id. */
  episode(): string;
}

/** A server on a database, whose clock the commands turn. */
export async function createReality(database: TestDatabase): Promise<Reality> {
  const clock = turnedClock();
  const secrets = testSecrets();
  const start = () =>
    startTestServer(database.connection, {
      secrets,
      clock: clock.now,
      refreshToken: { graceMs: GRACE_MS, healLimit: HEAL_LIMIT },
      session: { lifetimeMs: LIFETIME_MS, idleMs: IDLE_MS },
      // A restored backup forgets an ending, this process does not: here only the database is to know.
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
        client(held = {}) {
          const client = createTestClient(server.url);
          client.jar = held.token;
          client.accessToken = held.accessToken;
          return client;
        },
        episode: () => `episode-${++episodes}`,
      };
      return { model: { session, jar: 0, thief: undefined, disturbed: false, backup: undefined }, real };
    },
  };
  return reality;
}

/** Signs in with a browser, ending the session that it holds. */
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
