import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { pinoHttp } from 'pino-http';

export type { Logger } from 'pino';

/** Characters that JSON allows but readers of lines split at, or terminals act on. */
const UNSAFE_CHARACTERS = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * The app's log: JSON lines. Nothing that a client sends can begin a line, or change how a terminal shows one.
 *
 * Requests appear as method, path and address only. Headers, query strings and bodies contain passwords, tokens
 * and cookies, so they are never passed to the log. The redaction is a second safeguard.
 */
export function createLog(destination?: DestinationStream): Logger {
  const options = {
    base: { pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
    serializers: { err: describeError },
    redact: { paths: secretPaths, censor: '[redacted]' },
    hooks: { streamWrite: (line: string) => line.replace(UNSAFE_CHARACTERS, escaped) },
  };
  return destination ? pino(options, destination) : pino(options);
}

function escaped(character: string) {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Polled every few seconds. */
const UNLOGGED_PATHS = new Set(['/healthz', '/readyz', '/metrics']);

/** Logs each request when it has been answered. */
export function logRequests(log: Logger) {
  return pinoHttp({
    logger: log,
    quietReqLogger: true,
    serializers: { req: describeRequest, res: describeResponse, err: describeError },
    wrapSerializers: false,
    autoLogging: { ignore: (req) => UNLOGGED_PATHS.has(req.url ?? '') },
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? 'error' : 'info'),
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
  });
}

/**
 * Describes an error by its type, message, stack and causes. Other properties are left out: those of database
 * and parser errors quote what the client sent.
 */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  // The message of the JSON parser quotes its input.
  const quotes = error instanceof SyntaxError;
  const stack = error.stack?.slice(error.stack.indexOf('\n    at '));
  return {
    type: error.name,
    ...(quotes ? {} : { message: withoutValues(error.message) }),
    ...('code' in error ? { code: error.code } : {}),
    stack,
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  };
}

// A duplicate key error of MongoDB ends with the values of the key, such as e-mail addresses.
function withoutValues(message: string) {
  return message.replace(/ dup key: .*/s, '');
}

function describeRequest(req: IncomingMessage & { originalUrl?: string; ip?: string }) {
  const url = req.originalUrl ?? req.url ?? '';
  return { method: req.method, path: url.split('?', 1)[0]?.slice(0, 200), ip: req.ip };
}

function describeResponse(res: ServerResponse) {
  return { status: res.statusCode };
}

const SECRET_NAMES = [
  'password',
  'currentPassword',
  'newPassword',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'pepper',
  'authorization',
  'cookie',
  '["set-cookie"]',
];

const secretPaths = ['', '*', '*.*'].flatMap((parent) =>
  SECRET_NAMES.map((name) => (parent && !name.startsWith('[') ? `${parent}.${name}` : `${parent}${name}`)),
);
