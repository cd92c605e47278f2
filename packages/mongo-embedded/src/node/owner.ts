import { existsSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { runCommand } from '../commands/dispatch.js';
import { type Engine, openEngine } from '../commands/engine.js';
import { deleteExpired } from '../storage/expire.js';
import { serveSocket } from '../wire/serveSocket.js';
import { listen, type PublicAddress } from './addresses.js';

export interface OwnerOptions {
  /** The folder of the documents. */
  path: string;
  sync: boolean;
  now: () => Promise<number>;
  ttlIntervalMs: number;
}

/**
 * Starts a candidate for the ownership of the data: it listens on its unique address before it tries to become the
 * owner. Commands are refused until the data is open.
 */
export async function startCandidate(address: string, options: OwnerOptions) {
  const sockets = new Map<Socket, Promise<void>>();
  let engine: Engine | undefined;
  let publicServer: Server | undefined;
  let publicPath: string | undefined;
  let sweeper: NodeJS.Timeout | undefined;

  const accept = (socket: Socket) => {
    const served = serveSocket(socket, async (body) =>
      engine
        ? runCommand(engine, body, await options.now())
        : { ok: 0, code: 11600, codeName: 'InterruptedAtShutdown', errmsg: 'not serving' },
    );
    sockets.set(
      socket,
      served.finally(() => sockets.delete(socket)),
    );
  };
  const server = createServer(accept);
  await listen(server, { path: address });

  return {
    /** Opens the data and serves it on the public address. Resolves to that address with its real port. */
    serve: async (publicAddress: PublicAddress): Promise<PublicAddress> => {
      const opened = openEngine({ path: options.path, sync: options.sync });
      engine = opened;
      sweeper = setInterval(sweeping(opened, options.now), options.ttlIntervalMs);
      if ('path' in publicAddress) {
        publicPath = publicAddress.path;
        linkTo(address, publicPath);
        return publicAddress;
      }
      publicServer = createServer(accept);
      await listen(publicServer, { host: '127.0.0.1', port: publicAddress.port });
      const bound = publicServer.address();
      return { port: typeof bound === 'object' && bound ? bound.port : publicAddress.port };
    },
    /** Stops serving. Closes the unique address last, so that a successor finds the data closed. */
    stop: async (release?: () => void) => {
      clearInterval(sweeper);
      if (publicPath !== undefined) rmSync(publicPath, { force: true });
      publicServer?.close();
      const open = [...sockets];
      for (const [socket] of open) socket.destroy();
      await Promise.all(open.map(([, served]) => served));
      await engine?.store.close();
      release?.();
      server.close();
    },
  };
}

/** Points the public path at the owner's socket. Replaces the link of a former owner. */
function linkTo(address: string, publicPath: string): void {
  const fresh = `${address}.link`;
  symlinkSync(address, fresh);
  renameSync(fresh, publicPath);
}

/** Removes the socket of a dead owner. Windows removes pipes itself. */
export function removeSocket(address: string): void {
  if (existsSync(address)) rmSync(address, { force: true });
}

/** Returns a job that deletes expired documents. It does nothing while an earlier run has not ended. */
function sweeping(engine: Engine, now: () => Promise<number>): () => void {
  let running = false;
  return async () => {
    if (running) return;
    running = true;
    try {
      const time = await now();
      engine.cursors.killIdle(time);
      await deleteExpired(engine, time);
    } finally {
      running = false;
    }
  };
}
