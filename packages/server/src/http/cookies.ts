import type { AuthRequest } from './authRequest.js';

/** How Latchkey's cookies are set. */
export interface CookieOptions {
  /** The app's URL as browsers see it; `Secure` depends on it. */
  readonly appUrl: string;
  readonly production: boolean;
  /** Shares the cookies with this domain and its subdomains; without it they belong to one host. */
  readonly domain?: string | undefined;
  readonly sameSite: 'lax' | 'strict' | 'none';
}

export type AuthCookie = ReturnType<typeof createAuthCookie>;

/** Browsers keep no cookie longer (RFC 6265bis). */
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60;

/**
 * A cookie that no script can read. Its name has the strictest prefix that its attributes allow: `__Host-`, `__Secure-`
 * where it is shared with a domain, none over plain http.
 */
export function createAuthCookie(purpose: 'refresh' | 'access', options: CookieOptions) {
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
    /** Returns every value sent of it. */
    read: (request: AuthRequest) => request.cookieValues(name),
    /** Sets it for `maxAgeSeconds` or, without, until the browser closes. */
    write(request: AuthRequest, value: string, maxAgeSeconds?: number) {
      const age =
        maxAgeSeconds === undefined ? [] : [`Max-Age=${Math.min(Math.ceil(maxAgeSeconds), MAX_AGE_SECONDS)}`];
      request.addCookie(serialise(value, age));
    },
    clear(request: AuthRequest) {
      request.addCookie(serialise('', ['Max-Age=0', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT']));
    },
  };
}

/** Browsers accept `Secure` cookies over https, and over plain http from localhost only. */
function canBeSecure({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost');
}
