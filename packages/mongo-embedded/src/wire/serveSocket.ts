import type { Socket } from 'node:net';
import type { Document } from '../bson/document.js';
import { formatReply, messageSplitter, parseMessage } from './message.js';

/** Runs one command and resolves to its reply; it never rejects. */
export type RunCommand = (body: Document) => Promise<Document>;

/** Serves one client: its commands run one after the other. Resolves when the connection is over and idle. */
export function serveSocket(socket: Socket, run: RunCommand): Promise<void> {
  const split = messageSplitter();
  let queue = Promise.resolve();
  const answer = async (bytes: Buffer) => {
    const message = parseMessage(bytes);
    const reply = await run(message.body);
    if (message.wantsReply && socket.writable) socket.write(formatReply(message, reply));
  };
  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    try {
      for (const bytes of split(chunk))
        queue = queue.then(() => answer(bytes)).catch(() => void socket.destroy());
    } catch {
      // What follows a malformed message cannot be understood; MongoDB hangs up as well.
      socket.destroy();
    }
  });
  // A client that vanishes is no failure of the server; 'close' follows.
  socket.on('error', () => {});
  return new Promise((resolve) => {
    socket.once('close', () => resolve(queue));
  });
}
