import { vitestConfig } from '@latchkey/config/vitest';

export default vitestConfig({ testTimeout: 300_000 });
