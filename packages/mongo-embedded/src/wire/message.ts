import { type Document, decode, encode, setField } from '../bson/document.js';

/** MongoDB's limit for one message, in bytes. */
export const MAX_MESSAGE_BYTES = 48_000_000;

/** A request: a command, and how to reply to it. */
export interface Message {
  requestId: number;
  body: Document;
  /** Drivers open a connection by OP_QUERY. All other requests are OP_MSG. */
  kind: 'query' | 'msg';
  /** False for an unacknowledged write. */
  wantsReply: boolean;
}

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;
const FLAGS = { checksumPresent: 1, moreToCome: 2 };

/** Parses one whole message. Throws an Error on malformed bytes; the connection must then be closed. */
export function parseMessage(bytes: Buffer): Message {
  const requestId = bytes.readInt32LE(4);
  const operation = bytes.readInt32LE(12);
  if (operation === OP_MSG) return parseOpMsg(bytes, requestId);
  if (operation !== OP_QUERY) throw new Error(`The wire operation ${operation} is not supported`);
  // Flags, the zero-terminated name of the collection, skip and limit come before the command.
  const start = bytes.indexOf(0, HEADER_BYTES + 4) + 9;
  return { requestId, body: decode(documentAt(bytes, start)), kind: 'query', wantsReply: true };
}

function parseOpMsg(bytes: Buffer, requestId: number): Message {
  const bits = bytes.readUInt32LE(HEADER_BYTES);
  const end = bytes.length - (bits & FLAGS.checksumPresent ? 4 : 0);
  const sequences: [name: string, documents: Document[]][] = [];
  let body: Document = {};
  let offset = HEADER_BYTES + 4;
  while (offset < end) {
    const kind = bytes.readUInt8(offset);
    const size = bytes.readInt32LE(offset + 1);
    const section = bytes.subarray(offset + 1, offset + 1 + size);
    if (kind > 1 || size < 5 || section.length !== size)
      throw new Error('A section of a message is malformed');
    if (kind === 0) body = decode(section);
    else sequences.push(parseSequence(section));
    offset += 1 + size;
  }
  for (const [name, documents] of sequences) setField(body, name, documents);
  return { requestId, body, kind: 'msg', wantsReply: !(bits & FLAGS.moreToCome) };
}

/** Parses a document sequence: the name of the command's field, then the documents. */
function parseSequence(section: Buffer): [name: string, documents: Document[]] {
  const nameEnd = section.indexOf(0, 4);
  const documents: Document[] = [];
  for (let offset = nameEnd + 1; offset < section.length; ) {
    const bytes = documentAt(section, offset);
    documents.push(decode(bytes));
    offset += bytes.length;
  }
  return [section.toString('utf8', 4, nameEnd), documents];
}

function documentAt(bytes: Buffer, offset: number): Buffer {
  const size = bytes.readInt32LE(offset);
  if (size < 5 || offset + size > bytes.length) throw new Error('A document of a message is malformed');
  return bytes.subarray(offset, offset + size);
}

/** Encodes the reply to a message. */
export function formatReply(message: Message, reply: Document): Buffer {
  const body = encode(reply, MAX_MESSAGE_BYTES);
  const before = Buffer.alloc(message.kind === 'msg' ? 5 : 20);
  // OP_REPLY: flags, cursor and start are zero; one document follows.
  if (message.kind === 'query') before.writeInt32LE(1, 16);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + before.length + body.length, 0);
  header.writeInt32LE(message.requestId, 8);
  header.writeInt32LE(message.kind === 'msg' ? OP_MSG : OP_REPLY, 12);
  return Buffer.concat([header, before, body]);
}

/** Returns a function that cuts a stream of bytes into messages. It throws an Error on an impossible length. */
export function messageSplitter(): (chunk: Buffer) => Buffer[] {
  let chunks: Buffer[] = [];
  let size = 0;
  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    const messages: Buffer[] = [];
    for (;;) {
      if (size < 4) return messages;
      if ((chunks[0]?.length ?? 0) < 4) chunks = [Buffer.concat(chunks)];
      const length = chunks[0]?.readInt32LE(0) ?? 0;
      if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES + HEADER_BYTES)
        throw new Error('A message has an impossible length');
      if (size < length) return messages;
      const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      messages.push(all.subarray(0, length));
      chunks = all.length > length ? [all.subarray(length)] : [];
      size = all.length - length;
    }
  };
}
