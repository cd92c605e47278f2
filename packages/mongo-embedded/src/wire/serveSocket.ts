import type { Socket } from 'node:net';
import type { Document } from '../bson/document.js';
import { formatReply, messageSplitter, parseMessage } from './message.js';

/** Runs one command. Resolves to its reply; never rejects. */
export type RunCommand = (body: Document) => Promise<Document>;

/** Serves one client. Its commands run one after the other. Resolves when the connection is closed and idle. */
export function serveSocket(socket: Socket, run: RunCommand): Promise<void> {
  const split = messageSplitter();
  let queue = Promise.resolve();
  const reply = async (bytes: Buffer) => {
    const message = parseMessage(bytes);
    const result = await run(message.body);
    if (message.wantsReply && socket.writable) socket.write(formatReply(message, result));
  };
  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    try {
      for (const bytes of split(chunk))
        queue = queue.then(() => reply(bytes)).catch(() => void socket.destroy());
    } catch {
      // Bytes after a malformed message have no meaning; MongoDB hangs up as well.
      socket.destroy();
    }
  });
  // A lost client is no failure of the server; 'close' follows.
  socket.on('error', () => {});
  return new Promise((resolve) => {
    socket.once('close', () => resolve(queue));
  });
}
