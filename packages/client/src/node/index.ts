export { fileTokenStore } from './fileTokenStore.js';
