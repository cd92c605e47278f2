export { changePassword } from './changePassword.js';
export { createSession } from './createSession.js';
export { authLink } from './links/authLink.js';
export { linkPerToken } from './links/linkPerToken.js';
export { sendOnceLink } from './links/sendOnceLink.js';
export type {
  IdentityChange,
  LinkRequest,
  Session,
  SessionLink,
  SessionOptions,
  SessionSnapshot,
  WaitOptions,
} from './session/types.js';
export type { Locks } from './tabs/lock.js';
export type { Timers } from './timers.js';
export { memoryTokenStore } from './tokenStore/memory.js';
export type { TokenStore } from './tokenStore/types.js';
export { withTokenStore } from './tokenStore/withTokenStore.js';
export type { AuthCallOptions, Transformer } from './transport/authCall.js';
export { AuthError } from './transport/authError.js';
export type { EndReason } from './transport/reasons.js';
export type {
  AuthErrorData,
  AuthReason,
  ChangePasswordInput,
  Credentials,
  LoginInput,
  RegisterInput,
  User,
} from './transport/wire.js';
