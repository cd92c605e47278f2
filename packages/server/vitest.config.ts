import { vitestConfig } from '@latchkey/config/vitest';

export default vitestConfig({ isolate: false }, { alone: ['test/alone/**/*.test.ts'] });
