import type { RequestHandler } from 'express';
import helmet from 'helmet';

const HSTS_SECONDS = 2 * 365 * 24 * 60 * 60;

/** Sets the security headers of every answer. Pages load scripts, styles and data from this server only. */
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
        // With plain http, browsers would be sent to an https address that does not exist.
        upgradeInsecureRequests: appUrl.startsWith('https:') ? [] : null,
      },
    },
    strictTransportSecurity: { maxAge: HSTS_SECONDS, includeSubDomains: true },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
}
