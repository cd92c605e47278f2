import { expect } from 'vitest';
import type { TestClient } from './testClient.js';
import { MINUTE, type TestServer } from './testServer.js';

/** Presents a stolen token, minute by minute, until the theft is found out: its successor's use is noted later. */
export async function presentUntilCaught(thief: TestClient, { clock }: TestServer): Promise<void> {
  await expect
    .poll(async () => {
      clock.advance(MINUTE);
      return (await thief.refresh()).error?.data.reason;
    })
    .toBe('REFRESH_REUSED');
}
