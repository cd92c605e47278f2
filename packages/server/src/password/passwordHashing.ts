import { createHmac, hkdfSync } from 'node:crypto';
import bcrypt from 'bcrypt';
import { createHashingQueue, type HashingQueueOptions } from './hashingQueue.js';
import { type HashingThreads, sharedHashingThreads } from './hashingThreads.js';

/** About 10 seconds of sign-ins at cost 12 with two threads. */
const MAX_WAITING = 64;
const MAX_WAIT_MS = 10_000;

/**
 * bcrypt over HMAC-SHA-384 of the password with a pepper, in threads behind a bounded queue.
 *
 * The HMAC makes every byte count (bcrypt reads 72 only). It has a key, so that hashes stolen elsewhere cannot be
 * tried, as they could with a plain SHA-512 (ASVS 6.2.8, 11.4.2).
 */
export type PasswordHashing = ReturnType<typeof createPasswordHashing>;

export function createPasswordHashing(
  options: Partial<HashingQueueOptions> & {
    /** A secret that is not in the database. */
    pepper: string;
    /** bcrypt's cost: 10 to 15 in production. */
    cost: number;
    /** @default the threads that the process shares */
    threads?: HashingThreads;
  },
) {
  const { cost, threads = sharedHashingThreads() } = options;
  const { concurrency = threads.size, maxWaiting = MAX_WAITING, maxWaitMs = MAX_WAIT_MS } = options;
  const queue = createHashingQueue({ concurrency, maxWaiting, maxWaitMs });
  const key = Buffer.from(hkdfSync('sha256', options.pepper, '', 'latchkey password pepper', 32));
  const prehash = (password: string) => createHmac('sha384', key).update(password, 'utf8').digest('base64');
  // A salt, and 31 characters in place of the digest: no password matches it.
  const decoy = bcrypt.genSaltSync(cost) + '.'.repeat(31);

  /**
   * Reserves a place for one check before the attempt is counted, so that no attempt is counted that finds no place.
   * Dispose of it to give it up.
   *
   * @throws AuthError TOO_MANY_ATTEMPTS when too many others are waiting
   */
  function reserve() {
    const place = queue.reserve();
    return {
      /** Like `verify` below, in the reserved place. */
      async verify(password: string, hash: string | undefined, signal?: AbortSignal): Promise<boolean> {
        const job = { kind: 'verify', secret: prehash(password), hash: hash ?? decoy, cost } as const;
        const matches = await place.run(() => threads.run(job), signal);
        return hash !== undefined && matches === true;
      },
      [Symbol.dispose]: place[Symbol.dispose],
    };
  }

  return {
    /**
     * @param signal aborts when the caller has disconnected
     * @throws AuthError TOO_MANY_ATTEMPTS when too many others are waiting
     */
    async hash(password: string, signal?: AbortSignal): Promise<string> {
      const job = { kind: 'hash', secret: prehash(password), cost } as const;
      return String(await queue.reserve().run(() => threads.run(job), signal));
    },

    /**
     * Checks a password against a hash. Against `undefined` it is false after the same time, so that an unknown name
     * looks like a wrong password.
     *
     * @param signal aborts when the caller has disconnected
     * @throws AuthError TOO_MANY_ATTEMPTS when too many others are waiting
     */
    verify: async (password: string, hash: string | undefined, signal?: AbortSignal) =>
      reserve().verify(password, hash, signal),

    reserve,

    /** How full the queue is. */
    status: queue.status,

    /** Whether a hash was made at a lower cost than today's. */
    isOutdated: (hash: string) => bcrypt.getRounds(hash) < cost,
  };
}
