import type { IncomingMessage, ServerResponse } from 'node:http';
import { AuthError } from '../errors/authError.js';
import { toErrorShape } from '../errors/errorShape.js';
import { isJson } from '../http/csrf.js';

/** A connect-style handler; Express takes it as it is. */
export type HttpHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** Content types that tRPC passes on to a procedure, where the guard refuses them. */
const REACHES_PROCEDURE = /^(application\/json|multipart\/form-data|application\/octet-stream)\s*(;|$)/i;

/**
 * Goes before tRPC's own middleware: keeps every answer out of caches, and gives a POST that an HTML form
 * on another site could have made the same refusal that the guards give, which tRPC would answer with 415
 * before any guard is asked.
 *
 * @param cookieProcedures names of the procedures that read or set a cookie, without their router's path
 */
export function createHttpHandler(cookieProcedures: readonly string[]): HttpHandler {
  return (req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    const contentType = req.headers['content-type'];
    const refused =
      req.method === 'POST' && !isJson(contentType) && !REACHES_PROCEDURE.test(contentType ?? '');
    const path = refused
      ? calledPaths(req.url ?? '').find((name) => isOneOf(name, cookieProcedures))
      : undefined;
    if (path === undefined) return next();
    const shape = toErrorShape(new AuthError('CSRF_REJECTED'), path);
    res.statusCode = shape.data.httpStatus;
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    res.end(JSON.stringify({ error: shape }));
  };
}

const isOneOf = (path: string, names: readonly string[]) =>
  names.some((name) => path === name || path.endsWith(`.${name}`));

/** The procedures that a URL calls, read as tRPC's Express adapter reads it. */
function calledPaths(url: string): string[] {
  const [path = ''] = url.split('?', 1);
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last).split(',');
  } catch {
    return [];
  }
}
