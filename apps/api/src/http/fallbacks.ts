import type { ErrorRequestHandler, NextFunction, Request, Response } from 'express';
import type { Logger } from '../log.js';

const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);

/** Refuses every other method, such as TRACE. */
export function onlyKnownMethods(req: Request, res: Response, next: NextFunction) {
  if (KNOWN_METHODS.has(req.method)) next();
  else {
    res.set('allow', [...KNOWN_METHODS].join(', '));
    sendError(res, { status: 405, code: 'METHOD_NOT_SUPPORTED', message: 'This method is not supported.' });
  }
}

/** Refuses an address with broken percent-encoding. */
export function onlyReadablePaths(req: Request, res: Response, next: NextFunction) {
  if (isReadable(req.path)) next();
  else sendError(res, { status: 400, code: 'BAD_REQUEST', message: 'The address is not valid.' });
}

function isReadable(path: string) {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

export function notFound(_req: Request, res: Response) {
  sendError(res, { status: 404, code: 'NOT_FOUND', message: 'There is nothing here.' });
}

/** Logs an unexpected error. The client learns nothing about it. */
export function handleError(log: Logger): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters
  return (error, _req, res, _next) => {
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error }, 'request failed');
    // An answer has begun: the client must see that it is incomplete.
    if (res.headersSent) return void res.destroy();
    if (status >= 500) {
      sendError(res, {
        status: 500,
        code: 'INTERNAL_SERVER_ERROR',
        message: 'Something went wrong on the server.',
      });
    } else {
      sendError(res, { status, code: 'BAD_REQUEST', message: 'The request is not valid.' });
    }
  };
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

/** Sends an error in the shape of tRPC's. */
function sendError(
  res: Response,
  { status, code, message }: { status: number; code: string; message: string },
) {
  res.status(status).set('cache-control', 'no-store');
  res.json({ error: { message, data: { code, httpStatus: status } } });
}
