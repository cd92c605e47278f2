import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectIfAlive, type PublicAddress, socketFolder, uniqueAddress, uriOf } from './addresses.js';
import { type OwnerOptions, removeSocket, startCandidate } from './owner.js';
import { type Owner, openOwnerRecord } from './ownerRecord.js';

export type Role = 'owner' | 'joined';

export interface MemberOptions extends Omit<OwnerOptions, 'path'> {
  /** An existing folder that only this user can read. */
  dataDir: string;
  /** A loopback port (0 for any free one). Undefined for a unix socket. */
  port: number | undefined;
  onRole: (role: Role) => void;
}

const RETRY_MS = 20;

/**
 * Takes part in a database that several processes may share: joins the owner of the data, or becomes the owner. A
 * joined member watches the owner through an idle connection. When that ends, it tries to become the owner, under the
 * same public address.
 */
export async function startMember(options: MemberOptions) {
  const folder = socketFolder(options.dataDir);
  const record = openOwnerRecord(join(options.dataDir, 'owner'));
  const firstChoice = chooseAddress(folder, options.port);
  let leave = async () => {};
  let stopped = false;

  const follow = (owner: Owner, watch: Socket) => {
    watch.on('error', () => {});
    watch.once('close', () => {
      if (!stopped) settling = settle(owner.publicAddress);
    });
    watch.resume();
    leave = async () => void watch.destroy();
    options.onRole('joined');
  };

  const own = async (dead: Owner | undefined, wanted: PublicAddress): Promise<PublicAddress | undefined> => {
    const address = uniqueAddress(folder);
    const candidate = await startCandidate(address, { ...options, path: join(options.dataDir, 'data') });
    if (!record.replace(dead?.address, { address, publicAddress: wanted, ready: false })) {
      await candidate.stop();
      return undefined;
    }
    const release = () => void record.replace(address, undefined);
    if (dead) removeSocket(dead.address);
    try {
      const publicAddress = await candidate.serve(wanted);
      record.replace(address, { address, publicAddress, ready: true });
      leave = () => candidate.stop(release);
      options.onRole('owner');
      return publicAddress;
    } catch (error) {
      await candidate.stop(release);
      throw error;
    }
  };

  /** Tries until this member owns the data or has joined a live owner. Resolves to the public address. */
  const settle = async (wanted: PublicAddress): Promise<PublicAddress> => {
    while (!stopped) {
      const owner = record.read();
      const watch = owner && (await connectIfAlive({ path: owner.address }));
      if (owner?.ready && watch) {
        follow(owner, watch);
        return owner.publicAddress;
      }
      if (watch) {
        watch.destroy();
        await delay(RETRY_MS);
        continue;
      }
      const owned = await own(owner, wanted);
      if (owned) return owned;
    }
    return wanted;
  };

  let settling = settle(firstChoice);
  const publicAddress = await settling;
  return {
    uri: uriOf(publicAddress),
    stop: async () => {
      stopped = true;
      await settling;
      await leave();
      await record.close();
    },
  };
}

function chooseAddress(folder: string, port: number | undefined): PublicAddress {
  if (port === undefined && process.platform !== 'win32') return { path: join(folder, 'mongo.sock') };
  return { port: port ?? 0 };
}
