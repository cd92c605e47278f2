import { vitestConfig } from '@latchkey/config/vitest';

// No bound on speed: a poll ends early only where something hangs.
export default vitestConfig({ isolate: false, testTimeout: 120_000, expect: { poll: { timeout: 60_000 } } });
