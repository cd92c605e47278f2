import type { RequestHandler } from 'express';

/** Refuses what a page of another origin may have sent: JSON and a header of its own need that origin's leave. */
export function onlyOwnPages(allowedOrigins: readonly string[]): RequestHandler {
  return (req, res, next) => {
    const { origin } = req.headers;
    const foreign = origin !== undefined && !allowedOrigins.includes(origin);
    const unasked = req.method === 'POST' && req.headers['x-latchkey'] !== '1';
    if (!foreign && !unasked && req.headers['sec-fetch-site'] !== 'cross-site') return next();
    res.sendStatus(403);
  };
}
