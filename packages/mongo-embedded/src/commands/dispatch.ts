import { type Document, field } from '../bson/document.js';
import { isNumber, toNumber } from '../bson/numbers.js';
import { CommandError, notSupported } from '../errors.js';
import { aggregateCommands } from './aggregate.js';
import { collectionCommands } from './collections.js';
import type { Engine } from './engine.js';
import { findAndModifyCommands } from './findAndModify.js';
import { handshakeCommands } from './handshake.js';
import { indexCommands } from './indexes.js';
import { readingCommands } from './reading.js';
import { allowOnly, type Command, checkUnsupported, documentOption } from './request.js';
import { writingCommands } from './writing.js';

const commands: Record<string, Command> = {
  ...handshakeCommands,
  ...readingCommands,
  ...writingCommands,
  ...findAndModifyCommands,
  ...collectionCommands,
  ...indexCommands,
  ...aggregateCommands,
};

/** The fields that drivers may send with every command. `checkCommon` refuses those that would change the result. */
const COMMON_FIELDS = [
  '$db',
  'lsid',
  '$clusterTime',
  '$readPreference',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
  'collation',
  'let',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'txnNumber',
  'startTransaction',
  'autocommit',
];

/** Runs one command. Resolves to its result or to a MongoDB error reply; never rejects. */
export async function runCommand(engine: Engine, body: Document, now: number): Promise<Document> {
  try {
    const name = Object.keys(body)[0] ?? '';
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command)
      throw new CommandError(
        'CommandNotFound',
        `no such command: '${name}' (not supported by @latchkey/mongo-embedded)`,
      );
    allowOnly(body, [name, ...command.fields, ...COMMON_FIELDS], name);
    checkCommon(body);
    const database = field(body, '$db');
    const result = await command.run({
      engine,
      body,
      now,
      database: typeof database === 'string' ? database : 'admin',
    });
    return { ...result, ok: 1 };
  } catch (error) {
    return errorReply(error);
  }
}

function checkCommon(body: Document): void {
  if (field(body, 'txnNumber') !== undefined || field(body, 'startTransaction') !== undefined) {
    throw new CommandError(
      'IllegalOperation',
      'Transaction numbers are only allowed on a replica set member or mongos',
    );
  }
  checkUnsupported(body);
  if (Object.keys(documentOption(body, 'let') ?? {}).length > 0) throw notSupported("'let'", 'BadValue');
  const level = documentOption(body, 'readConcern')?.level ?? 'local';
  if (!['local', 'available', 'majority'].includes(String(level)))
    throw notSupported(`The read concern '${String(level)}'`, 'BadValue');
  const w = documentOption(body, 'writeConcern')?.w;
  if (isNumber(w) && toNumber(w) > 1)
    throw new CommandError('BadValue', "cannot use 'w' > 1 when a host is not replicated");
}

function errorReply(error: unknown): Document {
  if (error instanceof CommandError) {
    return { ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName, ...error.details };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { ok: 0, errmsg: message, code: 1, codeName: 'InternalError' };
}
