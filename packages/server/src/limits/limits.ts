import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible';
import type { ClientInfo } from '../clientInfo.js';
import { withTimeout } from '../database/withTimeout.js';
import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import { addressKey } from './addressKey.js';
import { type ActionLimits, LIMITED_ACTIONS, type Limit, type LimitedAction } from './limitOptions.js';

/** Who attempts something. */
export interface Attempt {
  /** Where it comes from, where addresses are limited too. */
  readonly client?: ClientInfo | undefined;
  /** The account it concerns, where it is known. */
  readonly userId?: string | undefined;
  /** The name or e-mail address it concerns, as given; counted where no `userId` is known. */
  readonly name?: string | undefined;
}

/** Which of an action's limits an attempt is counted against; both unless told. */
export type LimitDimension = keyof ActionLimits;

/**
 * Counts attempts in the database, by one atomic step each, so that all nodes share the counters and parallel
 * attempts cannot get past a limit.
 */
export interface Limits {
  /**
   * Counts an attempt before it is made.
   *
   * @returns how many attempts on the same account were counted before, in the longest period
   * @throws AuthError TOO_MANY_ATTEMPTS with `retryAfter`
   * @throws what the database throws when it cannot be asked; nothing is let through uncounted
   */
  consume(action: LimitedAction, attempt: Attempt, dimension?: LimitDimension): Promise<number>;
  /**
   * Tells that an attempt was right: the account's counter begins anew, and the address is given the attempt back.
   * Its earlier failures stay, or an attacker's own account could clear them.
   */
  succeeded(action: LimitedAction, attempt: Attempt): Promise<void>;
  /** Gives an attempt back that was counted but never made. */
  giveBack(action: LimitedAction, attempt: Attempt): Promise<void>;
  /** Lets a person sign in again at once, whatever was counted: to be called when the password was reset. */
  reset(userId: string): Promise<void>;
  /** Builds the collection's indexes. */
  createIndexes(): Promise<void>;
}

/** The collection of the counters. */
const COLLECTION = 'latchkey_limits';

/** Which counters a reset password clears. */
const ACTIONS_BY_PASSWORD: readonly LimitedAction[] = ['login', 'password-check'];

interface Tier extends Limit {
  readonly limiter: RateLimiterMongo;
}

/** Limits on one connection, in the collection `latchkey_limits`. */
export function createLimits(options: {
  connection: Connection;
  limits: Readonly<Record<LimitedAction, ActionLimits>>;
  events: AuthEvents;
}): Limits {
  const { connection, limits, events } = options;
  const collection = connection.collection<{ key: string }>(COLLECTION);

  const tierOf = (action: LimitedAction, dimension: LimitDimension, limit: Limit): Tier => ({
    ...limit,
    limiter: new RateLimiterMongo({
      storeClient: connection,
      tableName: COLLECTION,
      // The period is part of the key: a changed one begins to count anew.
      keyPrefix: `${action} ${dimension} ${limit.perMs}`,
      points: limit.attempts,
      duration: limit.perMs / 1_000,
      disableIndexesCreation: true,
    }),
  });
  const tiers = new Map(
    LIMITED_ACTIONS.map((action) => [
      action,
      {
        account: limits[action].account.map((limit) => tierOf(action, 'account', limit)),
        address: limits[action].address.map((limit) => tierOf(action, 'address', limit)),
      },
    ]),
  );
  const tiersOf = (action: LimitedAction, dimension: LimitDimension) => tiers.get(action)?.[dimension] ?? [];

  /** One after another, the shortest period first: what it refuses is not counted for the longer ones. */
  const consumeAll = async (action: LimitedAction, dimension: LimitDimension, attempt: Attempt) => {
    const key = keyOf(attempt, dimension);
    let earlier = 0;
    if (key === undefined) return earlier;
    for (const { limiter, attempts } of tiersOf(action, dimension)) {
      try {
        earlier = (await withTimeout(limiter.consume(key))).consumedPoints - 1;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        const locks = action === 'login' && dimension === 'account';
        // Told once, by the first attempt beyond the limit: the others would only fill the log.
        if (locks && refusal.consumedPoints === attempts + 1) announceLock(attempt);
        throw new AuthError('TOO_MANY_ATTEMPTS', {
          retryAfter: Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000)),
          about: { userId: attempt.userId },
        });
      }
    }
    return earlier;
  };

  const announceLock = ({ userId, client }: Attempt) => events.emit('authn_login_lock', { userId, client });

  /** A period that ended meanwhile hands it on to the next: in sum no more is allowed than without. */
  const refund = async (action: LimitedAction, dimension: LimitDimension, attempt: Attempt) => {
    const key = keyOf(attempt, dimension);
    if (key === undefined) return;
    await Promise.all(tiersOf(action, dimension).map(({ limiter }) => withTimeout(limiter.reward(key))));
  };

  const forget = async (actions: readonly LimitedAction[], key: string) => {
    const keys = actions.flatMap((action) =>
      tiersOf(action, 'account').map(({ limiter }) => limiter.getKey(key)),
    );
    if (keys.length > 0) await withTimeout(collection.deleteMany({ key: { $in: keys } }));
  };

  return {
    async consume(action, attempt, dimension) {
      if (dimension !== 'account') await consumeAll(action, 'address', attempt);
      return dimension === 'address' ? 0 : consumeAll(action, 'account', attempt);
    },

    async succeeded(action, attempt) {
      const account = keyOf(attempt, 'account');
      await Promise.all([
        account === undefined ? undefined : forget([action], account),
        refund(action, 'address', attempt),
      ]);
    },

    async giveBack(action, attempt) {
      await Promise.all([refund(action, 'account', attempt), refund(action, 'address', attempt)]);
    },

    reset: (userId) => forget(ACTIONS_BY_PASSWORD, accountKey({ userId })),

    async createIndexes() {
      await collection.createIndex({ expire: -1 }, { expireAfterSeconds: 0 });
      await collection.createIndex({ key: 1 }, { unique: true });
    },
  };
}

function keyOf(attempt: Attempt, dimension: LimitDimension): string | undefined {
  if (dimension === 'address') return attempt.client && digest(`address ${addressKey(attempt.client.ip)}`);
  return attempt.userId === undefined && attempt.name === undefined ? undefined : accountKey(attempt);
}

/** A user's id and a name can never be mistaken for each other, nor two spellings of a name for two names. */
function accountKey({ userId, name = '' }: Pick<Attempt, 'userId' | 'name'>) {
  return digest(
    userId === undefined ? `name ${name.normalize('NFKC').trim().toLowerCase()}` : `user ${userId}`,
  );
}

/** Short, whatever was sent, and no list of names and addresses for who reads the database. */
function digest(text: string) {
  return createHash('sha256').update(text).digest('base64url');
}
