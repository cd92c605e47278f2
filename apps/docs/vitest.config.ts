import { vitestConfig } from '@latchkey/config/vitest';

export default vitestConfig();
