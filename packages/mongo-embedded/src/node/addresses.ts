import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { connect, type ListenOptions, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where clients reach the database, whichever process owns it: the path of a socket, or a loopback port. */
export type PublicAddress = { path: string } | { port: number };

// Systems allow 104 (macOS) or 108 bytes (Linux), with the final zero.
const MAX_SOCKET_PATH = 100;
const LONGEST_NAME = 'owner-0123456789abcdef.sock';

/** The folder for sockets: the data folder, or a private temporary folder if that path is too long. */
export function socketFolder(dataDir: string): string {
  if (Buffer.byteLength(join(dataDir, LONGEST_NAME)) <= MAX_SOCKET_PATH) return dataDir;
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `latchkey-${name}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  // The database has no passwords: only the folder's mode keeps other users out.
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0)
    throw new Error(`${folder} must belong to this user, with mode 0700`);
  return folder;
}

/** An address that no other process ever uses. Others connect to it to see whether this process is alive. */
export function uniqueAddress(folder: string): string {
  const name = `owner-${randomBytes(8).toString('hex')}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\latchkey-${name}` : join(folder, `${name}.sock`);
}

/** The `mongodb://` URI of an address. */
export function uriOf(address: PublicAddress): string {
  return 'path' in address
    ? `mongodb://${encodeURIComponent(address.path)}/`
    : `mongodb://127.0.0.1:${address.port}/`;
}

export function listen(server: Server, where: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/**
 * Connects. Resolves to undefined if no process listens, which only a refused connection or a missing socket proves.
 * Rejects on any other failure, such as a full backlog.
 */
export function connectIfAlive(
  where: { path: string } | { port: number; host?: string },
): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(where);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(undefined);
      else reject(error);
    });
  });
}
