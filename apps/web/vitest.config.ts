import { vitestConfig } from '@latchkey/config/vitest';

// Browser tests mostly wait, for tokens that end and pages that load.
export default vitestConfig({ maxWorkers: 2 });
