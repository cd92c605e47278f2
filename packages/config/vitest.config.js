import { vitestConfig } from './vitest.js';

export default vitestConfig({ include: ['lib/**/*.test.js'] });
