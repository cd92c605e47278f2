import { vitestConfig } from '@latchkey/config/vitest';

export default vitestConfig({ typecheck: { enabled: true, include: ['test/**/*.test-d.tsx'] } });
