import { open } from 'lmdb';
import type { PublicAddress } from './addresses.js';

/** The process that owns the data. */
export interface Owner {
  /** Its unique address: the owner is alive as long as it listens there. */
  address: string;
  /** The address that clients use. */
  publicAddress: PublicAddress;
  /** Whether it serves clients already. */
  ready: boolean;
}

const KEY = 'owner';

/**
 * Opens the record of the owner, an lmdb environment in the folder `path`. lmdb's write lock makes `replace` atomic
 * across processes. The system releases that lock when its holder is killed.
 */
export function openOwnerRecord(path: string) {
  const db = open<Owner, string>({ path, noSubdir: false, encoding: 'json', mapSize: 2 ** 20 });
  return {
    // A read transaction may see an older snapshot.
    read: (): Owner | undefined => db.transactionSync(() => db.get(KEY)),
    /** Writes `next` if `expected` is still the recorded owner's address; false if it is not. */
    replace: (expected: string | undefined, next: Owner | undefined): boolean =>
      db.transactionSync(() => {
        if (db.get(KEY)?.address !== expected) return false;
        if (next) db.putSync(KEY, next);
        else db.removeSync(KEY);
        return true;
      }),
    close: (): Promise<void> => db.close(),
  };
}
