import './withoutEval.js';

export { loginSchema, registerSchema } from '@latchkey/server/contract';
