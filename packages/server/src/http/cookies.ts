import type { AuthRequest } from './authRequest.js';

/** How Latchkey's cookies are to be set. */
export interface CookieOptions {
  /** Where browsers reach the app; decides whether `Secure` can be used. */
  readonly appUrl: string;
  readonly production: boolean;
  /** Share the cookies with this domain's subdomains; host-only unless given. */
  readonly domain?: string | undefined;
  readonly sameSite: 'lax' | 'strict' | 'none';
}

/** One of Latchkey's cookies. */
export interface AuthCookie {
  readonly name: string;
  /** Every value sent of it. */
  read(exchange: AuthRequest): readonly string[];
  /** Sets it, for `maxAgeSeconds` or, without, until the browser ends. */
  write(exchange: AuthRequest, value: string, maxAgeSeconds?: number): void;
  /** Expires it, with the attributes that it was set with. */
  clear(exchange: AuthRequest): void;
}

/** Browsers keep no cookie longer (RFC 6265bis). */
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60;

/**
 * A cookie that no script can read, named by the strictest prefix that its attributes allow:
 * `__Host-`, or `__Secure-` where it is shared with a domain, or none over plain http.
 */
export function createAuthCookie(purpose: 'refresh' | 'access', options: CookieOptions): AuthCookie {
  const { domain, sameSite } = options;
  const secure = options.production || canBeSecure(new URL(options.appUrl));
  const prefix = !secure ? '' : domain === undefined ? '__Host-' : '__Secure-';
  const name = `${prefix}latchkey-${purpose}`;
  const attributes = [
    'Path=/',
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    'HttpOnly',
    ...(secure ? ['Secure'] : []),
    `SameSite=${sameSite[0]?.toUpperCase()}${sameSite.slice(1)}`,
  ];
  const serialise = (value: string, age: readonly string[]) =>
    [`${name}=${value}`, ...age, ...attributes].join('; ');
  return {
    name,
    read: (exchange) => exchange.cookieValues(name),
    write(exchange, value, maxAgeSeconds) {
      const age =
        maxAgeSeconds === undefined ? [] : [`Max-Age=${Math.min(Math.ceil(maxAgeSeconds), MAX_AGE_SECONDS)}`];
      exchange.addCookie(serialise(value, age));
    },
    clear(exchange) {
      exchange.addCookie(serialise('', ['Max-Age=0', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT']));
    },
  };
}

/** Browsers take `Secure` cookies over https, and over plain http from localhost alone. */
function canBeSecure({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost');
}
