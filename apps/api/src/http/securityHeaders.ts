import type { RequestHandler } from 'express';
import helmet from 'helmet';

const HSTS_SECONDS = 2 * 365 * 24 * 60 * 60;

/** The headers that every answer carries; pages may load scripts, styles and data from this server only. */
export function securityHeaders({ appUrl }: { appUrl: string }): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        // On plain http it would send a browser to an https that nobody serves.
        upgradeInsecureRequests: appUrl.startsWith('https:') ? [] : null,
      },
    },
    strictTransportSecurity: { maxAge: HSTS_SECONDS, includeSubDomains: true },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
}
