export type { PublicJwk, SigningAlgorithm } from './accessToken/signingKeys.js';
export type { HttpHandler } from './adapters/expressHandler.js';
export type { Page } from './adapters/openPage.js';
export type { SocketSource } from './adapters/socketRequest.js';
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
} from './contract/index.js';
export { type Auth, createAuth } from './createAuth.js';
export { withTimeout } from './database/withTimeout.js';
export { AuthError, type AuthErrorDetails } from './errors/authError.js';
export type { AuthErrorData, AuthErrorShape } from './errors/errorShape.js';
export type { AuthReason } from './errors/reasons.js';
export type { AuthEvent, AuthEventType } from './events/authEvents.js';
export type { AuthContext, CallerSession } from './http/authContext.js';
export type { AuthRequest } from './http/authRequest.js';
export {
  type ActionLimits,
  DEFAULT_LIMITS,
  type Limit,
  type LimitedAction,
  type LimitsOptions,
} from './limits/limitOptions.js';
export type { AuthMail, AuthMailer, AuthMailKind } from './mail/authMail.js';
export type { AuthOptions } from './options/options.js';
export type { BreachCheck } from './password/passwordPolicy.js';
export type { RefreshCounts } from './session/refresh.js';
export type { RevocationFeedStatus } from './session/revocations.js';
