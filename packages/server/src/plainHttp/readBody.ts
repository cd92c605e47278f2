import type { IncomingMessage } from 'node:http';
import { TRPCError } from '@trpc/server';
import { isJson } from '../http/csrf.js';

/**
 * Reads the JSON in a request's body; undefined where there is no body. If the host's middleware has parsed the body
 * already, it is taken from `req.body`.
 *
 * @throws TRPCError UNSUPPORTED_MEDIA_TYPE | PAYLOAD_TOO_LARGE | PARSE_ERROR
 */
export async function readBody(req: IncomingMessage, maxBytes: number): Promise<unknown> {
  if (req.headers['transfer-encoding'] === undefined && !(Number(req.headers['content-length']) > 0))
    return undefined;
  if (!isJson(req.headers['content-type']) || req.headers['content-encoding'] !== undefined) {
    throw new TRPCError({ code: 'UNSUPPORTED_MEDIA_TYPE', message: 'The body must be JSON.' });
  }
  if ('body' in req && req.body !== undefined) return req.body;
  const text = decode(await collect(req, maxBytes));
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TRPCError({ code: 'PARSE_ERROR', cause });
  }
}

async function collect(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(req.headers['content-length']) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > maxBytes) break;
    chunks.push(chunk);
  }
  if (length <= maxBytes) return Buffer.concat(chunks);
  // Bytes that stay unread would be taken for the connection's next request.
  req.resume();
  throw tooLarge();
}

function tooLarge(): TRPCError {
  return new TRPCError({ code: 'PAYLOAD_TOO_LARGE', message: 'The body is too large.' });
}

/** Refuses bytes that are not UTF-8. If they were replaced, two different passwords could become equal. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TRPCError({ code: 'PARSE_ERROR', cause });
  }
}
