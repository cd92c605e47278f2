import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from '../log.js';

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);

/** Refuses every method that nothing here serves, TRACE among them. */
export const onlyKnownMethods: RequestHandler = (req, res, next) => {
  if (knownMethods.has(req.method)) return next();
  res.set('allow', [...knownMethods].join(', '));
  sendError(res, { status: 405, code: 'METHOD_NOT_SUPPORTED', message: 'This method is not supported.' });
};

/** Refuses addresses whose percent-encoding is broken. */
export const onlyReadablePaths: RequestHandler = (req, res, next) => {
  try {
    decodeURIComponent(req.path);
  } catch {
    return sendError(res, { status: 400, code: 'BAD_REQUEST', message: 'The address is not valid.' });
  }
  next();
};

/** Answers what nothing else has answered. */
export const notFound: RequestHandler = (_req, res) => {
  sendError(res, { status: 404, code: 'NOT_FOUND', message: 'There is nothing here.' });
};

/** The last resort: logs what went wrong and tells the client nothing of it. */
export function handleError(log: Logger): ErrorRequestHandler {
  return (error, _req, res, _next) => {
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error }, 'request failed');
    // Half an answer cannot be mended; the client must see that it was cut off.
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

/** An error of plain HTTP in the shape of tRPC's. */
function sendError(
  res: Response,
  { status, code, message }: { status: number; code: string; message: string },
) {
  res.status(status).set('cache-control', 'no-store');
  res.json({ error: { message, data: { code, httpStatus: status } } });
}
