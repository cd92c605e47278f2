import { vitestConfig } from '@latchkey/config/vitest';

// A poll waits for a state, so its limit only ends what hangs; a busy machine may need long.
export default vitestConfig({ expect: { poll: { timeout: 30_000 } } });
