import { createHmac, hkdfSync } from 'node:crypto';
import bcrypt from 'bcrypt';
import { createHashingQueue, type HashingQueueOptions, type HashingQueueStatus } from './hashingQueue.js';
import { type HashingThreads, sharedHashingThreads } from './hashingThreads.js';

/** Hashes and checks passwords. */
export interface PasswordHashing {
  /**
   * Hashes a password.
   *
   * @param signal aborts when nobody waits for the answer any more
   * @throws AuthError TOO_MANY_ATTEMPTS when too many others are waiting
   */
  hash(password: string, signal?: AbortSignal): Promise<string>;
  /**
   * Checks a password against a hash; against `undefined` it takes the same time and is false, so that
   * an unknown name cannot be told from a wrong password.
   *
   * @throws AuthError TOO_MANY_ATTEMPTS when too many others are waiting
   */
  verify(password: string, hash: string | undefined, signal?: AbortSignal): Promise<boolean>;
  /**
   * Keeps a place for one check, so that what counts attempts can be asked first and counts none that would have
   * found no place.
   *
   * @throws AuthError TOO_MANY_ATTEMPTS when too many others are waiting
   */
  reserve(): HashingPlace;
  /** How full the queue is. */
  status(): HashingQueueStatus;
  /** Whether a hash was made at a lower cost than today's. */
  isOutdated(hash: string): boolean;
}

/** A place for one check; disposing of it unused gives it up. */
export interface HashingPlace extends Disposable, Pick<PasswordHashing, 'verify'> {}

/** Secrets and bounds of {@link createPasswordHashing}. */
export interface PasswordHashingOptions extends Partial<HashingQueueOptions> {
  /** Secret, kept apart from the database. */
  readonly pepper: string;
  /** bcrypt's cost, 10–15 in earnest. */
  readonly cost: number;
  /** Where hashes are computed; the threads of this process unless told. */
  readonly threads?: HashingThreads;
}

/** What 64 waiting sign-ins at cost 12 take with two threads, about. */
const MAX_WAITING = 64;
const MAX_WAIT_MS = 10_000;

/**
 * bcrypt over HMAC-SHA-384 of the password under a pepper, in threads of its own behind a bounded queue.
 *
 * The HMAC makes every byte count (bcrypt alone stops at 72), and, being keyed, cannot be fed with
 * hashes stolen elsewhere as a plain SHA-512 could (ASVS 6.2.8, 11.4.2).
 */
export function createPasswordHashing(options: PasswordHashingOptions): PasswordHashing {
  const { cost, threads = sharedHashingThreads() } = options;
  const { concurrency = threads.size, maxWaiting = MAX_WAITING, maxWaitMs = MAX_WAIT_MS } = options;
  const queue = createHashingQueue({ concurrency, maxWaiting, maxWaitMs });
  const key = Buffer.from(hkdfSync('sha256', options.pepper, '', 'latchkey password pepper', 32));
  const prehash = (password: string) => createHmac('sha384', key).update(password, 'utf8').digest('base64');
  const decoy = decoyHash(cost);

  const reserve = (): HashingPlace => {
    const place = queue.reserve();
    return {
      async verify(password, hash, signal) {
        const job = { kind: 'verify', secret: prehash(password), hash: hash ?? decoy, cost } as const;
        const matches = await place.run(() => threads.run(job), signal);
        return hash !== undefined && matches === true;
      },
      [Symbol.dispose]: () => place[Symbol.dispose](),
    };
  };

  return {
    async hash(password, signal) {
      const job = { kind: 'hash', secret: prehash(password), cost } as const;
      return String(await queue.reserve().run(() => threads.run(job), signal));
    },
    verify: async (password, hash, signal) => reserve().verify(password, hash, signal),
    reserve,
    status: queue.status,
    isOutdated: (hash) => bcrypt.getRounds(hash) < cost,
  };
}

/** A hash of nothing: a salt, and 31 characters where the digest would be. */
function decoyHash(cost: number) {
  return bcrypt.genSaltSync(cost) + '.'.repeat(31);
}
