import { type Document, MAX_DOCUMENT_BYTES } from '../bson/document.js';
import { MAX_MESSAGE_BYTES } from '../wire/message.js';
import type { Command, Request } from './request.js';

const HELLO_FIELDS = [
  'helloOk',
  'client',
  'compression',
  'loadBalanced',
  'topologyVersion',
  'maxAwaitTimeMS',
  'hostInfo',
  'saslSupportedMechs',
  'speculativeAuthenticate',
  'backpressure',
];
const hello: Command = { fields: HELLO_FIELDS, run: runHello };

/** The commands that drivers send about the connection itself. */
export const handshakeCommands: Record<string, Command> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: { fields: [], run: () => ({}) },
  buildInfo: {
    fields: [],
    run: () => ({
      version: '7.0.0',
      versionArray: [7, 0, 0, 0],
      bits: 64,
      maxBsonObjectSize: MAX_DOCUMENT_BYTES,
      modules: [],
    }),
  },
  connectionStatus: {
    fields: ['showPrivileges'],
    run: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
  },
  endSessions: { fields: [], run: () => ({}) },
};

/** A standalone server: no replica set, no transactions, no compression, no streamed monitoring. */
function runHello({ now }: Request): Document {
  return {
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: 100_000,
    localTime: new Date(now),
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
  };
}
