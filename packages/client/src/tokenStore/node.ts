export { fileTokenStore } from './file.js';
