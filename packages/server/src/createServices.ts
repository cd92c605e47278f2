import { performance } from 'node:perf_hooks';
import { createAccessTokens } from './accessToken/accessTokens.js';
import { readSigningKeys } from './accessToken/signingKeys.js';
import { createChangePassword } from './account/changePassword.js';
import { createConfirmPassword } from './account/confirmPassword.js';
import { createDeleteAccount } from './account/deleteAccount.js';
import { createRequestEmailChange } from './account/requestEmailChange.js';
import { createRequestEmailVerification } from './account/requestEmailVerification.js';
import { createRequestPasswordReset } from './account/requestPasswordReset.js';
import { createResetPassword } from './account/resetPassword.js';
import { createVerifyEmail } from './account/verifyEmail.js';
import { createActivity } from './activity/activity.js';
import { activityModel } from './activity/activityModel.js';
import { createDisableUser } from './admin/disableUser.js';
import { createEnableUser } from './admin/enableUser.js';
import { createEndSessions } from './admin/endSessions.js';
import { createListUsers } from './admin/listUsers.js';
import { createSetRoles } from './admin/setRoles.js';
import { createDatabaseClock } from './database/databaseClock.js';
import { createStartUp } from './database/startUp.js';
import { type AuthEvents, createAuthEvents } from './events/authEvents.js';
import { createLimits } from './limits/limits.js';
import type { AuthMailer } from './mail/authMail.js';
import { linkModel } from './mail/linkModel.js';
import { createLinks } from './mail/links.js';
import { createMailTexts } from './mail/mailTexts.js';
import { createOutbox, type Outbox } from './mail/outbox.js';
import type { AuthOptions } from './options/options.js';
import { resolveOptions } from './options/resolveOptions.js';
import { createPasswordHashing } from './password/passwordHashing.js';
import { createAcknowledgements } from './session/acknowledgements.js';
import { createRefreshTokens } from './session/refreshToken.js';
import { createRevocations } from './session/revocations.js';
import { sessionModel } from './session/sessionModel.js';
import { createSessionStore } from './session/sessionStore.js';
import { createSessions } from './session/sessions.js';
import { createCompleteSignIn } from './signIn/completeSignIn.js';
import { createEndAllSessions } from './signIn/endAllSessions.js';
import { createRegister } from './signIn/register.js';
import { createSignInWithPassword } from './signIn/signInWithPassword.js';
import { createSignOut } from './signIn/signOut.js';
import { createUpdateUserCopies } from './signIn/updateUserCopies.js';
import { userModel } from './user/userModel.js';
import { createUserStore } from './user/userStore.js';

const CLIENT_ID = 'latchkey';

type ResolvedOptions = ReturnType<typeof resolveOptions>;
type Foundation = ReturnType<typeof createFoundation>;
type Stores = ReturnType<typeof createStores>;

/** What every other part needs: the time, the events and a person's activity. */
function createFoundation(
  { mongoose: connection, clock: turned, onEvent }: AuthOptions,
  resolved: ResolvedOptions,
) {
  const databaseClock = createDatabaseClock(connection);
  const clock = turned ?? databaseClock.now;
  function onError(error: unknown): void {
    events.emit('background_error', { error });
  }
  const activity = createActivity({ ...resolved.activity, model: activityModel(connection), onError });
  const events = createAuthEvents({
    listener: onEvent,
    record: activity.record,
    clock,
    secret: resolved.password.pepper,
  });
  return { connection, databaseClock, clock, onError, activity, events };
}

/** What is stored, signed, hashed, counted and mailed. */
function createStores(
  options: AuthOptions,
  { resolved, ...foundation }: Foundation & { resolved: ResolvedOptions },
) {
  const { connection, clock, onError, events } = foundation;
  const keys = readSigningKeys(resolved.accessToken.keys);
  const sessionRecords = sessionModel(connection);
  const sessionStore = createSessionStore(sessionRecords, resolved.refresh);
  const revocations = createRevocations({
    ...resolved.revocation,
    connection,
    model: sessionRecords,
    accessTokenLifetimeMs: resolved.accessToken.lifetimeMs,
    clock,
    monotonic: () => performance.now(),
    onError,
  });
  return {
    keys,
    accessTokens: createAccessTokens({ ...resolved.accessToken, keys, clientId: CLIENT_ID, clock }),
    sessionStore,
    acknowledgements: createAcknowledgements(sessionStore, { onError }),
    revocations,
    sessions: createSessions({
      store: sessionStore,
      refreshTokens: createRefreshTokens(options.refreshToken.keys),
      revocations,
      events,
      clock,
      policy: resolved.refresh,
    }),
    users: createUserStore(userModel(connection)),
    hashing: createPasswordHashing(resolved.password),
    limits: createLimits({ connection, limits: resolved.limits, events }),
    links: createLinks({ model: linkModel(connection), clock }),
    outbox: createOutboxOf(options.mail, events),
    texts: createMailTexts({ appName: resolved.appName, appUrl: options.appUrl }),
  };
}

/** Without a mailer no mail is sent, and the procedures that need one refuse with MAIL_DISABLED. */
function createOutboxOf(mailer: AuthMailer | undefined, events: AuthEvents): Outbox {
  if (mailer === undefined) return { post() {}, stop: async () => {} };
  return createOutbox({
    mailer,
    onError: (error, kind) => events.emit('background_error', { error, detail: `mail: ${kind}` }),
  });
}

/** One function for each thing that a person, an administrator or the host's server does. */
function createUseCases(parts: Foundation & Stores, resolved: ResolvedOptions) {
  const updateUserCopies = createUpdateUserCopies(parts);
  const completeSignIn = createCompleteSignIn({ ...parts, updateUserCopies });
  const shared = {
    ...parts,
    updateUserCopies,
    completeSignIn,
    endAllSessions: createEndAllSessions(parts),
    confirmPassword: createConfirmPassword(parts),
    appName: resolved.appName,
    isBreached: resolved.password.isBreached,
    accessTokenLifetimeMs: resolved.accessToken.lifetimeMs,
  };
  return {
    updateUserCopies,
    completeSignIn,
    signInWithPassword: createSignInWithPassword(shared),
    register: createRegister(shared),
    signOut: createSignOut(shared),
    endAllSessions: shared.endAllSessions,
    changePassword: createChangePassword(shared),
    requestPasswordReset: createRequestPasswordReset(shared),
    resetPassword: createResetPassword(shared),
    requestEmailVerification: createRequestEmailVerification(shared),
    requestEmailChange: createRequestEmailChange(shared),
    verifyEmail: createVerifyEmail(shared),
    deleteAccount: createDeleteAccount(shared),
    listUsers: createListUsers(shared),
    disableUser: createDisableUser(shared),
    enableUser: createEnableUser(shared),
    endSessions: createEndSessions(shared),
    setRoles: createSetRoles(shared),
  };
}

/**
 * Puts the stores and the use cases together, without tRPC and without HTTP.
 *
 * @throws Error naming the option that is wrong, never its value
 */
export function createServices(options: AuthOptions) {
  const resolved = resolveOptions(options);
  const foundation = createFoundation(options, resolved);
  const stores = createStores(options, { ...foundation, resolved });
  const { connection, databaseClock, onError, activity } = foundation;
  const { revocations, limits, outbox, acknowledgements } = stores;
  const startUp = createStartUp({
    models: [
      sessionModel(connection),
      userModel(connection),
      linkModel(connection),
      activityModel(connection),
      limits,
    ],
    revocations,
    databaseClock,
    followsDatabase: options.clock === undefined,
    onError,
  });
  return {
    ...foundation,
    ...stores,
    ...createUseCases({ ...foundation, ...stores }, resolved),
    resolved,
    ready: startUp.ready,
    /** Ends what runs in the background; the connection stays the host's. */
    async stop(): Promise<void> {
      await outbox.stop();
      await startUp.stop();
      await acknowledgements.settled();
      await activity.stop();
    },
  };
}
