import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosPlan } from './chaosPlan.js';
import type { CookieJar } from './cookieJar.js';
import type { Person } from './person.js';

/** The result of a theft. */
export interface TheftResult {
  readonly victim: string;
  readonly kind: TheftKind;
  readonly caught: boolean;
  /** The answer that the second of the two got, or what went wrong. */
  readonly detail: string;
  readonly tookMs: number;
}

/**
 * `late`: the thief presents the copy when the owner is two generations ahead and asleep. `early`: the thief refreshes while
 * the owner sleeps and uses the new token; the owner comes second.
 */
export type TheftKind = 'late' | 'early';

export interface TheftOptions {
  readonly plan: ChaosPlan;
  readonly url: string;
  readonly victim: Person;
  /** Whether the database was restored just now. A session then forgives one superseded token. */
  readonly forgiving: boolean;
  /** The time after which the theft counts as missed, in milliseconds. Infinity to wait without limit. */
  readonly timeoutMs: number;
}

const PAUSE_MS = 150;
/** Enough that at least one of them recorded the generation in use. */
const USES = 5;
const GIVEN = 'the thief was given credentials';

/** Copies the cookies of a person, uses the copy, and finds out whether that ended the session. */
export async function steal(kind: TheftKind, options: TheftOptions): Promise<TheftResult> {
  const startedAt = performance.now();
  // A page in the background retries so slowly that a few lost answers would take too long.
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
  // An answer from before the restore may have reached the owner after the theft. The heal then skipped the stolen token,
  // which counts as its predecessor until the next rotation. They share a token, and the thief comes second.
  return forgiving && detail === GIVEN ? presentLate(stolen, { url, victim, within }) : detail;
}

/** Presents a copy when the owner is ahead and asleep. */
async function presentLate(
  stolen: CookieJar,
  { url, victim, within }: Pick<TheftOptions, 'url' | 'victim'> & { within: Deadline },
): Promise<string> {
  const generation = stolen.generation();
  await within('owner got ahead', () => victim.jar.generation() >= generation + 2);
  victim.sleep();
  let answer: RefreshAnswer = {};
  // Within grace the copy is only refused; the alarm comes after it.
  await within('alarm', async () => {
    answer = await refresh(url, stolen);
    return answer.accessToken !== undefined || isOver(answer.reason);
  });
  victim.wake();
  if (answer.accessToken !== undefined) return GIVEN;
  await within('owner noticed', () => victim.isSignedOut());
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
  // The repetition after a lost answer may have begun the grace period up to the longest delay after the rotation.
  const graceOver = rotatedAt + plan.graceMs + 2 * plan.maxDelayMs;
  await within('end of grace', () => performance.now() > graceOver);
  victim.wake();
  const isForgiven = () => forgiving && victim.jar.generation() > stolen.generation();
  await within('alarm', () => victim.isSignedOut() || isForgiven());
  // They shared a token, and the owner rotated it first: now the thief comes second.
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

/** Refreshes with the cookies of a jar. Resolves to an empty object if no answer came. */
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
    // A refusal clears the cookie, but the thief keeps the copy.
    if (result) jar.store(response.headers.getSetCookie());
    const reason = error?.data?.reason;
    return { ...(result && { accessToken: result.data.accessToken }), ...(reason && { reason }) };
  } catch {
    return {};
  }
}

/** Makes a protected call. Resolves to whether it succeeded. */
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

/** Returns a function that waits for a condition. All its waits together may take `timeoutMs`. */
function createDeadline(timeoutMs: number): Deadline {
  const deadline = performance.now() + timeoutMs;
  return async (what, holds) => {
    while (!(await holds())) {
      if (performance.now() > deadline) throw new Error(`not in time: ${what}`);
      await sleep(PAUSE_MS);
    }
  };
}
