import { open } from 'lmdb';
import type { PublicAddress } from './addresses.js';

/** Who owns the data: the address by which its life is checked, the one that clients use, and whether it serves yet. */
export interface Owner {
  address: string;
  publicAddress: PublicAddress;
  ready: boolean;
}

/** The record of the owner, kept in a small environment of its own. */
export interface OwnerRecord {
  read: () => Owner | undefined;
  /** Writes `next` if the recorded owner is still the one with the address `expected`; false if it is not. */
  replace: (expected: string | undefined, next: Owner | undefined) => boolean;
  close: () => Promise<void>;
}

const KEY = 'owner';

/**
 * Opens the record in the folder `path`. lmdb's write lock makes `replace` one step for all processes, and the
 * system releases that lock when its holder is killed.
 */
export function openOwnerRecord(path: string): OwnerRecord {
  const db = open<Owner, string>({ path, noSubdir: false, encoding: 'json', mapSize: 2 ** 20 });
  return {
    // A write transaction, because a read may see an older snapshot.
    read: () => db.transactionSync(() => db.get(KEY)),
    replace: (expected, next) =>
      db.transactionSync(() => {
        if (db.get(KEY)?.address !== expected) return false;
        if (next) db.putSync(KEY, next);
        else db.removeSync(KEY);
        return true;
      }),
    close: () => db.close(),
  };
}
