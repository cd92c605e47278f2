export { AuthError } from './authError.js';
export { authLink } from './authLink.js';
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
  Timers,
} from './sessionTypes.js';
export type { AuthErrorData, AuthReason, Credentials, LoginInput, RegisterInput, User } from './wire.js';
