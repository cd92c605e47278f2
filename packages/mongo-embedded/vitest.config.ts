import { vitestConfig } from '@latchkey/config/vitest';

// Polls wait for an event as long as the test may take, so that a busy machine fails none.
export default vitestConfig({ expect: { poll: { timeout: 60_000, interval: 10 } } });
