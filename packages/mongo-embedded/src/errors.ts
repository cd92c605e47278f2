import type { Document } from './bson/document.js';

/** The MongoDB error codes that this server uses, by their official names. */
const ERROR_CODES = {
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  TypeMismatch: 14,
  IllegalOperation: 20,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  EmptyFieldName: 56,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  CommandNotSupported: 115,
  CannotIndexParallelArrays: 171,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  KeyTooLong: 17280,
  UnknownStage: 40324,
  UnknownField: 40415,
} as const;

export type ErrorCodeName = keyof typeof ERROR_CODES;

/** An error that is sent to the client as a MongoDB error reply: `code`, `codeName`, `errmsg` and `details`. */
export class CommandError extends Error {
  readonly codeName: ErrorCodeName;
  readonly details: Document;

  constructor(codeName: ErrorCodeName, message: string, details: Document = {}) {
    super(message);
    this.name = 'CommandError';
    this.codeName = codeName;
    this.details = details;
  }

  get code(): number {
    return ERROR_CODES[this.codeName];
  }
}

/** The error for a feature of MongoDB that this server does not have. */
export function notSupported(feature: string, codeName: ErrorCodeName = 'CommandNotSupported'): CommandError {
  return new CommandError(codeName, `${feature} is not supported by @latchkey/mongo-embedded`);
}
