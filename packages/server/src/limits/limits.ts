import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible';
import type { ClientInfo } from '../clientInfo.js';
import { withTimeout } from '../database/withTimeout.js';
import { AuthError } from '../errors/authError.js';
import type { AuthEvents } from '../events/authEvents.js';
import { addressKey } from './addressKey.js';
import {
  type ActionLimits,
  LIMIT_DIMENSIONS,
  LIMITED_ACTIONS,
  type Limit,
  type LimitDimension,
  type LimitedAction,
} from './limitOptions.js';

/** One attempt at a limited action. */
export interface Attempt {
  /** The device that attempts it; left out for actions that have no limits per address. */
  readonly client?: ClientInfo | undefined;
  /** The account concerned, if it is known. */
  readonly userId?: string | undefined;
  /** The name or e-mail address as typed; counted if no `userId` is known. */
  readonly name?: string | undefined;
}

const COLLECTION = 'latchkey_limits';

/** A password reset clears the counters of these. */
const ACTIONS_BY_PASSWORD: readonly LimitedAction[] = ['login', 'password-check'];

/**
 * Counts attempts in the database, each in one atomic step, so that all nodes share the counters and parallel
 * attempts cannot pass a limit.
 */
export type Limits = ReturnType<typeof createLimits>;

export function createLimits(options: {
  connection: Connection;
  limits: Readonly<Record<LimitedAction, ActionLimits>>;
  events: AuthEvents;
}) {
  const { connection, limits, events } = options;
  const collection = connection.collection<{ key: string }>(COLLECTION);

  const withLimiter = (name: string) => (limit: Limit) => ({
    ...limit,
    limiter: new RateLimiterMongo({
      storeClient: connection,
      tableName: COLLECTION,
      // The period is part of the key: a changed period starts to count from zero.
      keyPrefix: `${name} ${limit.perMs}`,
      points: limit.attempts,
      duration: limit.perMs / 1_000,
      disableIndexesCreation: true,
    }),
  });
  const tiers = new Map(
    LIMITED_ACTIONS.flatMap((action) =>
      LIMIT_DIMENSIONS.map((dimension) => {
        const name = `${action} ${dimension}`;
        return [name, limits[action][dimension].map(withLimiter(name))] as const;
      }),
    ),
  );
  const tiersOf = (action: LimitedAction, dimension: LimitDimension) =>
    tiers.get(`${action} ${dimension}`) ?? [];

  /** Counts one period after another, the shortest first: an attempt that it refuses is not counted in the longer ones. */
  async function consumeAll(action: LimitedAction, dimension: LimitDimension, attempt: Attempt) {
    const key = keyOf(attempt, dimension);
    let earlier = 0;
    if (key === undefined) return earlier;
    for (const { limiter, attempts } of tiersOf(action, dimension)) {
      try {
        earlier = (await withTimeout(limiter.consume(key))).consumedPoints - 1;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        const { userId, client } = attempt;
        const locks = action === 'login' && dimension === 'account';
        // Only the first attempt beyond the limit is an event: the others would fill the log.
        if (locks && refusal.consumedPoints === attempts + 1) {
          events.emit('authn_login_lock', { userId, client });
        }
        throw new AuthError('TOO_MANY_ATTEMPTS', {
          retryAfter: Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000)),
          about: { userId },
        });
      }
    }
    return earlier;
  }

  /** If a period has ended meanwhile, the refund counts for the next one: the total stays within the limit. */
  async function refund(action: LimitedAction, dimension: LimitDimension, attempt: Attempt) {
    const key = keyOf(attempt, dimension);
    if (key === undefined) return;
    await Promise.all(tiersOf(action, dimension).map(({ limiter }) => withTimeout(limiter.reward(key))));
  }

  async function clearAccount(actions: readonly LimitedAction[], key: string) {
    const limiters = actions.flatMap((action) => tiersOf(action, 'account'));
    const keys = limiters.map(({ limiter }) => limiter.getKey(key));
    if (keys.length > 0) await withTimeout(collection.deleteMany({ key: { $in: keys } }));
  }

  return {
    /**
     * Counts an attempt before it is made.
     *
     * @param dimension counts against these limits only; without it, against both
     * @returns how many attempts on the same account were counted before, in the longest period
     * @throws AuthError TOO_MANY_ATTEMPTS with `retryAfter`
     * @throws the database's error if it cannot be reached; no attempt passes uncounted
     */
    async consume(action: LimitedAction, attempt: Attempt, dimension?: LimitDimension): Promise<number> {
      if (dimension !== 'account') await consumeAll(action, 'address', attempt);
      return dimension === 'address' ? 0 : consumeAll(action, 'account', attempt);
    },

    /**
     * Records that an attempt succeeded: the account's counter starts again, and the address gets the attempt back.
     * The earlier failures of the address stay, or an attacker could clear them with an account of their own.
     */
    async succeeded(action: LimitedAction, attempt: Attempt): Promise<void> {
      const account = keyOf(attempt, 'account');
      await Promise.all([
        account === undefined ? undefined : clearAccount([action], account),
        refund(action, 'address', attempt),
      ]);
    },

    /** Gives an attempt back that was counted but never made. */
    async giveBack(action: LimitedAction, attempt: Attempt): Promise<void> {
      await Promise.all([refund(action, 'account', attempt), refund(action, 'address', attempt)]);
    },

    /** Lets a person sign in again at once, whatever was counted; to be called after a password reset. */
    reset: (userId: string): Promise<void> => clearAccount(ACTIONS_BY_PASSWORD, accountKey({ userId })),

    /** Builds the collection's indexes. */
    async createIndexes(): Promise<void> {
      await collection.createIndex({ expire: -1 }, { expireAfterSeconds: 0 });
      await collection.createIndex({ key: 1 }, { unique: true });
    },
  };
}

function keyOf(attempt: Attempt, dimension: LimitDimension): string | undefined {
  if (dimension === 'address') return attempt.client && digest(`address ${addressKey(attempt.client.ip)}`);
  return attempt.userId === undefined && attempt.name === undefined ? undefined : accountKey(attempt);
}

/** The prefix keeps ids and names apart; the normal form makes all spellings of a name one. */
function accountKey({ userId, name = '' }: Pick<Attempt, 'userId' | 'name'>): string {
  return digest(
    userId === undefined ? `name ${name.normalize('NFKC').trim().toLowerCase()}` : `user ${userId}`,
  );
}

/** Hashed, so that keys are short and the database holds no list of names and addresses. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
