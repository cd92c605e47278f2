import type { ClientInfo } from '../clientInfo.js';
import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import type { SessionGrant } from '../session/refresh.js';
import type { Sessions } from '../session/sessions.js';
import { isSameUser, toUser, type UserRecord } from '../user/userModel.js';
import type { UserStore } from '../user/userStore.js';
import type { UpdateUserCopies } from './updateUserCopies.js';

/** How a person has just proven who they are. */
export interface Proof {
  /** When they did; step-up counts from here. */
  readonly verifiedAt: Date;
}

/** The request that asks for a session. */
export interface SignInRequest {
  readonly client: ClientInfo;
  /** Whether the browser keeps the session when it is closed. */
  readonly persistent: boolean;
  /** The refresh token in the request's cookie; its session gives way to the new one. */
  readonly replaces: string | undefined;
}

/**
 * The door: every sign-in ends here, and nothing else begins a session.
 *
 * The session is stored first and confirmed afterwards. Whatever ends all sessions of a person writes the user first,
 * so it either finds the stored session, or its write is seen by the confirmation.
 */
export function createCompleteSignIn(parts: {
  users: Pick<UserStore, 'find'>;
  sessions: Pick<Sessions, 'begin' | 'end' | 'endByRefreshToken' | 'endSurplus'>;
  updateUserCopies: UpdateUserCopies;
  events: AuthEvents;
}) {
  const { users, sessions, updateUserCopies, events } = parts;

  /** The person as they are now, if they may still sign in. */
  async function confirm({ _id, signInEpoch }: UserRecord): Promise<UserRecord> {
    const user = await users.find(_id);
    if (user === undefined) throw new AuthError('SESSION_REVOKED');
    if (user.disabledAt !== null) throw new AuthError('ACCOUNT_DISABLED');
    if (user.signInEpoch !== signInEpoch) throw new AuthError('SESSION_REVOKED');
    return user;
  }

  /**
   * Begins a session for a person who has proven who they are.
   *
   * @param user the person as read before the proof was checked
   * @throws AuthError ACCOUNT_DISABLED | SESSION_REVOKED (all sessions were ended meanwhile)
   */
  return async (user: UserRecord, proof: Proof, request: SignInRequest): Promise<SessionGrant> => {
    const { client, persistent, replaces } = request;
    const before = toUser(user);
    const { session, refreshToken } = await sessions.begin(before, {
      persistent,
      client,
      authenticatedAt: proof.verifiedAt,
    });
    const confirmed = await confirm(user).catch(async (error: unknown) => {
      await sessions.end(session._id, 'revoked', client);
      throw error;
    });
    const now = toUser(confirmed);
    if (!isSameUser(before, now)) await updateUserCopies(user._id);
    if (replaces !== undefined) await sessions.endByRefreshToken(replaces, 'replaced', client);
    await sessions.endSurplus(user._id, client);
    events.emit('session_created', { userId: user._id, sessionId: session._id, client });
    return { session: { ...session, user: now }, refreshToken };
  };
}

export type CompleteSignIn = ReturnType<typeof createCompleteSignIn>;
