import { vitestConfig } from '@latchkey/config/vitest';

// No bound on speed: a poll ends early only where something hangs.
export default vitestConfig({
  testTimeout: 240_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
});
