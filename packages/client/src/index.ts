export { AuthError } from './authError.js';
export { authLink } from './authLink.js';
export { changePassword } from './changePassword.js';
export { createSession } from './createSession.js';
export { linkPerToken } from './linkPerToken.js';
export { sendOnceLink } from './sendOnceLink.js';
export type {
  EndReason,
  IdentityChange,
  LinkRequest,
  Locks,
  Session,
  SessionLink,
  SessionOptions,
  SessionSnapshot,
} from './sessionTypes.js';
export type { Timers } from './timers.js';
export { memoryTokenStore, type TokenStore } from './tokenStore.js';
export type {
  AuthErrorData,
  AuthReason,
  ChangePasswordInput,
  Credentials,
  LoginInput,
  RegisterInput,
  User,
} from './wire.js';
export { withTokenStore } from './withTokenStore.js';
