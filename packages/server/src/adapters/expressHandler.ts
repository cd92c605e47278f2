import type { IncomingMessage, ServerResponse } from 'node:http';
import { AuthError } from '../errors/authError.js';
import { toErrorShape } from '../errors/errorShape.js';
import { isJson } from '../http/csrf.js';

/** A connect-style handler, which Express accepts. */
export type HttpHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** Content types that tRPC passes on to a procedure, where the guard refuses them. */
const REACHES_PROCEDURE = /^(application\/json|multipart\/form-data|application\/octet-stream)\s*(;|$)/i;

/**
 * Goes before tRPC's own middleware. It keeps every response out of caches. It also refuses a POST that an HTML form on
 * another site could have made, as the guards would; tRPC would refuse it with 415 before a guard runs.
 *
 * @param cookieProcedures names of the procedures that read or set a cookie, without their router's path
 */
export function createHttpHandler(cookieProcedures: readonly string[]): HttpHandler {
  const isCookieProcedure = (path: string) =>
    cookieProcedures.some((name) => path === name || path.endsWith(`.${name}`));
  return (req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    const contentType = req.headers['content-type'];
    const refused =
      req.method === 'POST' && !isJson(contentType) && !REACHES_PROCEDURE.test(contentType ?? '');
    const path = refused ? calledPaths(req.url ?? '').find(isCookieProcedure) : undefined;
    if (path === undefined) return next();
    const shape = toErrorShape(new AuthError('CSRF_REJECTED'), path);
    res.statusCode = shape.data.httpStatus;
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    res.end(JSON.stringify({ error: shape }));
  };
}

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
