export type { PendingMutation, QueryCacheOwner } from './forgetPerson.js';
export { type RetryRule, retryOutages } from './retryOutages.js';
export type { SessionProviderProps } from './SessionProvider.js';
export { SessionProvider } from './SessionProvider.js';
export type { SignedInProps } from './SignedIn.js';
export { SignedIn } from './SignedIn.js';
export type { SessionState } from './useSession.js';
export { useSession, useUser } from './useSession.js';
export type { KnownSnapshot } from './withInitialUser.js';
