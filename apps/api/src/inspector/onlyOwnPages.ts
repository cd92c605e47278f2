import type { RequestHandler } from 'express';

/** Refuses requests that a page of another origin may have sent. A custom header needs a preflight there. */
export function onlyOwnPages(allowedOrigins: readonly string[]): RequestHandler {
  return (req, res, next) => {
    const { origin } = req.headers;
    const foreign = origin !== undefined && !allowedOrigins.includes(origin);
    const isSimple = req.method === 'POST' && req.headers['x-latchkey'] !== '1';
    if (!foreign && !isSimple && req.headers['sec-fetch-site'] !== 'cross-site') return next();
    res.sendStatus(403);
  };
}
