export {
  createPlainHttp,
  type PlainHttp,
  type PlainHttpAuth,
  type PlainHttpOptions,
} from './createPlainHttp.js';
export type { OpenApiDocument, OpenApiInfo, OpenApiOperation } from './openApiDocument.js';
export type { PlainHandler } from './plainHandler.js';
