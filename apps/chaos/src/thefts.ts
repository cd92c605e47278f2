import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosPlan } from './chaosPlan.js';
import type { CookieJar } from './cookieJar.js';
import type { Person } from './person.js';

/** What became of a theft. */
export interface TheftResult {
  readonly victim: string;
  readonly kind: TheftKind;
  readonly caught: boolean;
  /** What the second of the two was answered, or what went wrong. */
  readonly detail: string;
  readonly tookMs: number;
}

/**
 * `late`: the thief presents the copy when the owner is two generations further and asleep. `early`: the thief
 * refreshes while the owner sleeps, uses the new token, and the owner comes second.
 */
export type TheftKind = 'late' | 'early';

/** What a theft needs; times in milliseconds. */
export interface TheftOptions {
  readonly plan: ChaosPlan;
  readonly url: string;
  readonly victim: Person;
  /** Whether the database has just gone back in time, upon which a session forgives one superseded token. */
  readonly forgiving: boolean;
  /** When the theft counts as missed. */
  readonly timeoutMs: number;
}

const PAUSE_MS = 150;
/** Enough that one of them certainly wrote down the generation in use. */
const USES = 5;
const GIVEN = 'the thief was given credentials';

/** Copies a person's jar, uses the copy and tells whether the session ended by it. */
export async function steal(kind: TheftKind, options: TheftOptions): Promise<TheftResult> {
  const startedAt = performance.now();
  // Of somebody who does not look, a few lost answers in a row would outlast the time.
  options.victim.look();
  const detail = await (kind === 'late' ? stealLate(options) : stealEarly(options)).catch(String);
  return {
    victim: options.victim.name,
    kind,
    detail,
    caught: detail === 'REFRESH_REUSED' || detail === 'SESSION_REVOKED',
    tookMs: performance.now() - startedAt,
  };
}

async function stealLate({ url, victim, timeoutMs, forgiving }: TheftOptions): Promise<string> {
  const within = createDeadline(timeoutMs);
  const stolen = victim.jar.copy();
  const detail = await presentLate(stolen, { url, victim, within });
  // An answer from before the restore may have reached the owner after the theft. The heal then passed over what was
  // stolen, which counts as its predecessor until the next rotation: they share a token, and the thief comes second.
  return forgiving && detail === GIVEN ? presentLate(stolen, { url, victim, within }) : detail;
}

/** Presents a copy when the owner has gone on and sleeps. */
async function presentLate(
  stolen: CookieJar,
  { url, victim, within }: Pick<TheftOptions, 'url' | 'victim'> & { within: Deadline },
): Promise<string> {
  const generation = stolen.generation();
  await within('owner went on', () => victim.jar.generation() >= generation + 2);
  victim.sleep();
  let answer: RefreshAnswer = {};
  // Within grace the copy is only refused; the alarm comes after it.
  await within('alarm', async () => {
    answer = await refresh(url, stolen);
    return answer.accessToken !== undefined || isOver(answer.reason);
  });
  victim.wake();
  if (answer.accessToken !== undefined) return GIVEN;
  await within('owner learned of it', () => victim.isSignedOut());
  return String(answer.reason);
}

async function stealEarly({ plan, url, victim, timeoutMs, forgiving }: TheftOptions): Promise<string> {
  const within = createDeadline(timeoutMs);
  victim.sleep();
  const stolen = victim.jar.copy();
  const generation = victim.jar.generation();
  let token: string | undefined;
  await within('rotation', async () => {
    token = (await refresh(url, stolen)).accessToken ?? token;
    return stolen.generation() > generation;
  });
  const rotatedAt = performance.now();
  let uses = 0;
  await within('use', async () => {
    if (await use(url, token)) uses += 1;
    else token = (await refresh(url, stolen)).accessToken;
    return uses >= USES;
  });
  // Grace may have begun up to the longest delay after the rotation, by a lost answer's repetition.
  const graceOver = rotatedAt + plan.graceMs + 2 * plan.maxDelayMs;
  await within('end of grace', () => performance.now() > graceOver);
  victim.wake();
  const isForgiven = () => forgiving && victim.jar.generation() > stolen.generation();
  await within('alarm', () => victim.isSignedOut() || isForgiven());
  // They shared a token, and the owner was the first to use it up: now the thief comes second.
  if (!victim.isSignedOut()) return presentLate(stolen, { url, victim, within });
  let answer: RefreshAnswer = {};
  await within('thief refused', async () => {
    answer = await refresh(url, stolen);
    return answer.accessToken !== undefined || isOver(answer.reason);
  });
  return answer.accessToken === undefined ? String(answer.reason) : 'the thief kept the session';
}

interface RefreshAnswer {
  readonly accessToken?: string;
  readonly reason?: string;
}

function isOver(reason: string | undefined) {
  return reason === 'REFRESH_REUSED' || reason === 'SESSION_REVOKED';
}

/** Refreshes by hand with what a jar holds; neither credentials nor a reason where no answer came. */
async function refresh(url: string, jar: CookieJar): Promise<RefreshAnswer> {
  try {
    const response = await fetch(`${url}/auth.refresh`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-latchkey': '1',
        'x-forwarded-for': '10.9.9.9',
        cookie: jar.header() ?? '',
      },
    });
    const { result, error } = (await response.json()) as {
      result?: { data: { accessToken: string } };
      error?: { data?: { reason?: string } };
    };
    // A refusal clears the cookie; the thief keeps the copy.
    if (result) jar.store(response.headers.getSetCookie());
    const reason = error?.data?.reason;
    return { ...(result && { accessToken: result.data.accessToken }), ...(reason && { reason }) };
  } catch {
    return {};
  }
}

/** Makes a protected call; whether it was answered. */
async function use(url: string, token: string | undefined): Promise<boolean> {
  try {
    const response = await fetch(`${url}/auth.me`, {
      headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': '10.9.9.9' },
    });
    return response.ok;
  } catch {
    return false;
  }
}

type Deadline = (what: string, holds: () => boolean | Promise<boolean>) => Promise<void>;

/** Waits for one condition after the other, all together no longer than the time given. */
function createDeadline(timeoutMs: number): Deadline {
  const deadline = performance.now() + timeoutMs;
  return async (what, holds) => {
    while (!(await holds())) {
      if (performance.now() > deadline) throw new Error(`no ${what} in time`);
      await sleep(PAUSE_MS);
    }
  };
}
