export type { EmbeddedMongo, EmbeddedMongoOptions } from './startEmbeddedMongo.js';
export { startEmbeddedMongo } from './startEmbeddedMongo.js';
