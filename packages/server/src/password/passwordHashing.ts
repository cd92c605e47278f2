import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import bcrypt from 'bcrypt';
import PQueue from 'p-queue';
import { AuthError } from '../errors.js';

/** Hashes and checks passwords. */
export interface PasswordHashing {
  /**
   * Hashes a password.
   *
   * @throws AuthError TOO_MANY_ATTEMPTS when too many others are waiting
   */
  hash(password: string): Promise<string>;
  /**
   * Checks a password against a hash; against `undefined` it takes the same time and is false, so that
   * an unknown name cannot be told from a wrong password.
   *
   * @throws AuthError TOO_MANY_ATTEMPTS when too many others are waiting
   */
  verify(password: string, hash: string | undefined): Promise<boolean>;
  /** Whether a hash was made at a lower cost than today's. */
  isOutdated(hash: string): boolean;
}

export interface PasswordHashingOptions {
  /** Secret, kept apart from the database. */
  readonly pepper: string;
  /** bcrypt's cost, 10–15 in earnest. */
  readonly cost: number;
  /** How many may wait; 64 unless told. */
  readonly maxWaiting?: number;
  /** How many run at once. */
  readonly concurrency?: number;
}

/** libuv's pool also serves files, DNS and asynchronous cryptography: half of it stays free. */
const POOL_SIZE = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
const DEFAULT_CONCURRENCY = Math.max(1, Math.min(availableParallelism(), Math.floor(POOL_SIZE / 2)));

/**
 * bcrypt over HMAC-SHA-384 of the password under a pepper.
 *
 * The HMAC makes every byte count (bcrypt alone stops at 72), and, being keyed, cannot be fed with
 * hashes stolen elsewhere as a plain SHA-512 could (ASVS 6.2.8, 11.4.2).
 */
export function createPasswordHashing(options: PasswordHashingOptions): PasswordHashing {
  const { cost, maxWaiting = 64 } = options;
  const queue = new PQueue({ concurrency: options.concurrency ?? DEFAULT_CONCURRENCY });
  const key = Buffer.from(hkdfSync('sha256', options.pepper, '', 'latchkey password pepper', 32));
  const prehash = (password: string) => createHmac('sha384', key).update(password, 'utf8').digest('base64');
  let decoy: Promise<string> | undefined;

  const enqueue = <T>(task: () => Promise<T>): Promise<T> => {
    if (queue.size >= maxWaiting) throw new AuthError('TOO_MANY_ATTEMPTS', { retryAfter: 1 });
    return queue.add(task);
  };

  return {
    hash: async (password) => enqueue(() => bcrypt.hash(prehash(password), cost)),
    verify: async (password, hash) =>
      enqueue(async () => {
        decoy ??= bcrypt.hash(randomBytes(32).toString('base64'), cost);
        const matches = await bcrypt.compare(prehash(password), hash ?? (await decoy));
        return hash !== undefined && matches;
      }),
    isOutdated: (hash) => bcrypt.getRounds(hash) < cost,
  };
}
