import { expect } from 'vitest';
import type { TestClient } from './testClient.js';
import { MINUTE, type TestServer } from './testServer.js';

/** Presents a stolen token, minute by minute, until the theft is noticed: the successor is acknowledged in the background. */
export async function presentUntilCaught(thief: TestClient, { clock }: TestServer): Promise<void> {
  await expect
    .poll(async () => {
      clock.advance(MINUTE);
      return (await thief.refresh()).error?.data.reason;
    })
    .toBe('REFRESH_REUSED');
}
