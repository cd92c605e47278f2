import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import {
  type TRPC_ERROR_CODE_KEY,
  type TRPC_ERROR_CODE_NUMBER,
  TRPC_ERROR_CODES_BY_KEY,
} from '@trpc/server/rpc';
import { z } from 'zod';
import { AuthError, type FieldMessages } from './authError.js';
import { type AuthReason, codeOfReason } from './reasons.js';

/** `error.data` of every refusal. It never holds a stack or an internal message. */
export interface AuthErrorData {
  code: TRPC_ERROR_CODE_KEY;
  httpStatus: number;
  path?: string;
  reason?: AuthReason;
  /** Seconds. */
  retryAfter?: number;
  fields?: FieldMessages;
}

/** An error as tRPC sends it. */
export interface AuthErrorShape {
  message: string;
  code: TRPC_ERROR_CODE_NUMBER;
  data: AuthErrorData;
}

const INTERNAL_MESSAGE = 'Something went wrong on the server.';
const INVALID_MESSAGE = new AuthError('VALIDATION').message;

/** The shape of an error on the wire: the details of an {@link AuthError}, and nothing of an unknown error. */
export function toErrorShape(error: Error, path: string | undefined): AuthErrorShape {
  const trpcError = error instanceof TRPCError ? error : toTrpcError(error);
  const details = detailsOf(trpcError);
  return {
    message: messageOf(trpcError, details.reason),
    code: TRPC_ERROR_CODES_BY_KEY[trpcError.code],
    data: {
      code: trpcError.code,
      httpStatus: getHTTPStatusCodeFromError(trpcError),
      ...(path === undefined ? {} : { path }),
      ...details,
    },
  };
}

/** {@link toErrorShape} with the parameters of a tRPC error formatter. */
export function shapeError({ error, path }: { error: Error; path: string | undefined }): AuthErrorShape {
  return toErrorShape(error, path);
}

/** An error as a TRPCError: an {@link AuthError} with its code and message, any other one masked. */
export function toTrpcError(error: Error): TRPCError {
  if (!(error instanceof AuthError)) return new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: error });
  return new TRPCError({ code: codeOfReason(error.reason), message: error.message, cause: error });
}

function detailsOf({
  cause,
  code,
  message,
}: TRPCError): Pick<AuthErrorData, 'reason' | 'retryAfter' | 'fields'> {
  if (cause instanceof AuthError) {
    const { reason, retryAfter, fields } = cause;
    return { reason, ...(retryAfter === undefined ? {} : { retryAfter }), ...(fields ? { fields } : {}) };
  }
  if (code === 'SERVICE_UNAVAILABLE') return { retryAfter: RETRY_AFTER_OUTAGE_SECONDS };
  if (cause instanceof z.core.$ZodError && code === 'BAD_REQUEST') {
    return { reason: 'VALIDATION', fields: fieldsOf(cause) };
  }
  const unreadable = UNREADABLE.has(code) || (code === 'BAD_REQUEST' && isTransportFault(cause, message));
  return unreadable ? { reason: 'VALIDATION' } : {};
}

/** Seconds after which a client may try again while the database is away. */
export const RETRY_AFTER_OUTAGE_SECONDS = 1;

/** Faults that tRPC finds in a request before it calls a procedure: broken batches and URLs. */
const TRANSPORT_FAULTS = [
  'Batch call exceeds maximum size',
  '"input" needs to be an object when doing a batch call',
  'Invalid URL',
  'Cannot mix procedure types in call',
];

const UNREADABLE: ReadonlySet<TRPC_ERROR_CODE_KEY> = new Set([
  'PARSE_ERROR',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
] satisfies TRPC_ERROR_CODE_KEY[]);

function isTransportFault(cause: unknown, message: string): boolean {
  if (cause instanceof SyntaxError || cause instanceof URIError) return true;
  return TRANSPORT_FAULTS.some((fault) => message.startsWith(fault));
}

function messageOf({ code, message, cause }: TRPCError, reason: AuthReason | undefined): string {
  if (code === 'INTERNAL_SERVER_ERROR') return INTERNAL_MESSAGE;
  if (reason === 'VALIDATION' && !(cause instanceof AuthError)) return INVALID_MESSAGE;
  return message;
}

function fieldsOf(error: z.core.$ZodError): FieldMessages {
  const fields: FieldMessages = {};
  for (const issue of error.issues) {
    const unknownKeys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
    for (const key of unknownKeys) {
      const name = [...issue.path, ...(key === undefined ? [] : [key])].join('.') || 'input';
      // Defined rather than assigned, because a field may be called __proto__.
      const messages = Object.hasOwn(fields, name) ? (fields[name] ?? []) : [];
      Object.defineProperty(fields, name, {
        value: [...messages, key === undefined ? issue.message : 'This field is not known.'],
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return fields;
}
