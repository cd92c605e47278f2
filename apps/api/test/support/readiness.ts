import { expect } from 'vitest';

/** What `/readyz` answers, and between which moments (`performance.now()`). */
export async function readiness(url: string) {
  const asked = performance.now();
  const res = await fetch(`${url}/readyz`);
  const body = (await res.json()) as { database: string; revocationFeed: { ageMs: number } };
  return { status: res.status, body, ageMs: body.revocationFeed.ageMs, asked, answered: performance.now() };
}

/** Waits until the server has made a poll of the revocation feed that began after `since`. */
export async function pollAfter(url: string, since: number) {
  await expect
    .poll(async () => {
      const { asked, ageMs } = await readiness(url);
      return asked - ageMs;
    })
    // The age is rounded.
    .toBeGreaterThan(since + 1);
}
