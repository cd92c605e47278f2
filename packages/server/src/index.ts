export {
  type ActionLimits,
  DEFAULT_LIMITS,
  type Limit,
  type LimitedAction,
  type LimitsOptions,
} from './abuse/limitOptions.js';
export type { PublicJwk, SigningAlgorithm } from './accessToken/signingKeys.js';
export type { Clock } from './clock.js';
export type {
  ActivityItem,
  AdminUser,
  Credentials,
  Device,
  FieldMessages,
  LoginInput,
  RegisterInput,
  SessionInfo,
  User,
} from './contract.js';
export { type Auth, createAuth } from './createAuth.js';
export { AuthError, type AuthErrorDetails, type AuthReason } from './errors.js';
export type { AuthEvent, AuthEventType } from './events.js';
export type { Exchange } from './http/exchange.js';
export type { HttpHandler } from './http/expressHandler.js';
export type { SocketSource } from './http/socketExchange.js';
export { inTime } from './inTime.js';
export type { AuthMail, AuthMailer, AuthMailKind } from './mail/authMail.js';
export type { AuthOptions } from './options.js';
export type { BreachCheck } from './password/passwordPolicy.js';
export type { OpenApiDocument, OpenApiInfo, OpenApiOperation } from './plainHttp/openApiDocument.js';
export type { PlainHandler } from './plainHttp/plainHandler.js';
export type { PlainHttp, PlainHttpOptions } from './plainHttp/plainHttp.js';
export type { AuthContext, CallerSession } from './procedures/context.js';
export type { AuthErrorData, AuthErrorShape } from './procedures/errorShape.js';
export type { Page } from './procedures/openPage.js';
export type { RefreshCounts } from './session/refreshCounts.js';
export type { RevocationFeedStatus } from './session/revocations.js';
