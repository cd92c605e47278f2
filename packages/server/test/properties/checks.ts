import { expect } from 'vitest';
import type { Credentials } from '../../src/index.js';
import type { Answer, TestClient } from '../testClient.js';
import { GRACE_MS, IDLE_MS, type KnownSession, type Model, type Real } from './reality.js';

/** One refresh to be sent. */
export interface Sent {
  readonly generation: number;
  readonly episode: string;
}

/** One refresh and its answer. */
export interface Refreshed extends Sent {
  readonly answer: Answer;
  readonly client: TestClient;
  /** The generation of the answer; undefined if it was refused. */
  readonly given: number | undefined;
}

/** Sends several refreshes at once, each with the token of its generation, and checks every answer. */
export async function refreshAtOnce(
  { model, real }: { model: Model; real: Real },
  sent: readonly Sent[],
  { duplicates = false, meanwhile }: { duplicates?: boolean; meanwhile?: () => Promise<unknown> } = {},
): Promise<Refreshed[]> {
  const before = { ...model.session };
  const [refreshed] = await Promise.all([
    Promise.all(sent.map((one) => refreshOne(model, real, one))),
    meanwhile?.(),
  ]);
  if (meanwhile !== undefined) model.session.ended = true;
  await learn({ model, real, before }, refreshed);
  for (const one of refreshed) {
    if (one.given === undefined) judgeRefusal({ model, real, before }, one, duplicates);
  }
  return refreshed;
}

async function refreshOne(model: Model, real: Real, sent: Sent): Promise<Refreshed> {
  const client = real.client({ token: model.session.tokens.get(sent.generation) });
  const answer = await client.refresh(sent.episode);
  const given = answer.error === undefined ? (answer.data as Credentials).session.generation : undefined;
  return { ...sent, client, answer, given };
}

interface Situation {
  readonly model: Model;
  readonly real: Real;
  /** What was known before the requests were sent. */
  readonly before: KnownSession;
}

/** Whether the session is past its absolute or idle end. */
export function isOver({ expiresAt, rotatedAt }: KnownSession, now: number): boolean {
  return now >= Date.parse(expiresAt) || now >= rotatedAt + IDLE_MS;
}

/**
 * Whether only a thief or a victim can present this token: its successor was used, no refresh was answered for a grace
 * period, and it is no late copy of a request that rotated.
 */
function isTheft(session: KnownSession, { generation, episode }: Sent, now: number): boolean {
  const superseded = generation < session.generation && generation < session.used;
  const late = session.rotations.slice(0, 4).some((rotation) => rotation.episode === episode);
  return superseded && !late && now - session.answeredAt >= GRACE_MS;
}

/** Checks what must hold for every answer (invariants 2 to 5), and remembers the tokens that it gave out. */
async function learn({ model, real, before }: Situation, refreshed: readonly Refreshed[]): Promise<void> {
  const { session } = model;
  const now = real.reality.clock.now();
  for (const one of refreshed) {
    if (one.given === undefined) {
      expect(one.answer.headers.getSetCookie(), 'a refusal gives out no credentials').toEqual([]);
      continue;
    }
    const given = one.answer.data as Credentials;
    expect(before.ended, '4: an ended session answers nobody').toBe(false);
    expect(isOver(before, now), '5: a session that is over answers nobody').toBe(false);
    expect(isTheft(before, one, now), '3: theft yields nothing').toBe(false);
    expect(given.session).toMatchObject({ id: session.id, expiresAt: session.expiresAt });
    const known = session.tokens.get(one.given) ?? one.client.jar;
    expect(one.client.jar, '2: there is one token to a generation').toBe(known);
    session.tokens.set(one.given, one.client.jar ?? '');
    session.accessTokens.set(one.given, given.accessToken);
    session.answeredAt = now;
    if (one.given > session.generation) {
      session.generation = one.given;
      session.rotatedAt = now;
      real.reality.note('renewed');
    }
  }
  const given = new Set(refreshed.flatMap((one) => one.given ?? []));
  expect(given.size, '2: every answer has the same generation').toBeLessThanOrEqual(1);
  const stored = await real.reality.sessions.findOne({ _id: session.id as never });
  for (const generation of given) expect(stored?.generation, '2: it is the current one').toBe(generation);
  expect(stored?.expiresAt, '5: the absolute end never moves').toEqual(new Date(session.expiresAt));
  const mover = refreshed.find(({ episode }) => episode === stored?.attempts[0]);
  if (mover !== undefined && mover.episode !== session.rotations[0]?.episode) {
    session.rotations = [mover, ...session.rotations];
  }
}

/** Checks that a refusal was correct (invariants 1 and 3). */
function judgeRefusal({ model, real, before }: Situation, one: Refreshed, duplicate: boolean): void {
  const { session } = model;
  const now = real.reality.clock.now();
  const reason = one.answer.error?.data.reason;
  if (before.ended) {
    expect(reason).toBe('SESSION_REVOKED');
    return;
  }
  if (isOver(before, now)) {
    expect(reason).toMatch(/^SESSION_(EXPIRED|REVOKED)$/);
    return;
  }
  if (reason === 'SESSION_REVOKED') {
    expect(session.ended, '1: nobody ended it').toBe(true);
    return;
  }
  if (isTheft(before, one, now)) {
    expect(reason, '3: theft is caught').toBe('REFRESH_REUSED');
    real.reality.note('theft caught');
  }
  if (reason === 'REFRESH_REUSED') {
    expect(model.disturbed, '1: there is no alarm without a thief').toBe(true);
    session.ended = true;
    return;
  }
  expect(reason, '1: an undisturbed client is not refused').toBe('REFRESH_STALE');
  expect(duplicate || model.disturbed, '1: an undisturbed client is not refused').toBe(true);
}

/** Checks that no token of an ended session is accepted (invariant 4). */
export async function expectDead({ session }: Model, real: Real): Promise<void> {
  for (const [generation, token] of session.tokens) {
    const answer = await real.client({ token }).refresh();
    expect(answer.error?.data.reason, `generation ${generation} of an ended session`).toBe('SESSION_REVOKED');
  }
  for (const accessToken of [...session.accessTokens.values()].slice(-2)) {
    const answer = await real.client({ accessToken }).query('host.strict');
    expect(answer.error?.data.reason).toMatch(/^(SESSION_REVOKED|TOKEN_EXPIRED|ACCOUNT_DISABLED)$/);
  }
}
