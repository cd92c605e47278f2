import { isIP } from 'node:net';
import ms from 'ms';
import { z } from 'zod';

export function integer(min: number, max: number) {
  return z.string().transform((text, ctx) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    return refuse(ctx, `must be a whole number from ${min} to ${max}`);
  });
}

/** A duration such as `15m`, parsed to milliseconds. `shortest` and `longest` have the same syntax, that of `ms`. */
export function duration(shortest: ms.StringValue, longest: ms.StringValue) {
  return z.string().transform((text, ctx) => {
    // `ms` reads a bare number as milliseconds, but most people mean seconds.
    const value = /^[\d.]+\s*[a-z]+$/i.test(text) ? ms(text as ms.StringValue) : Number.NaN;
    if (value >= ms(shortest) && value <= ms(longest)) return Math.round(value);
    return refuse(ctx, `must be a duration from ${shortest} to ${longest}, such as 15m or 10s`);
  });
}

export function oneOf<const T extends [string, ...string[]]>(...words: T) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` });
}

/** @param schemes URL schemes such as `['mongodb:', 'mongodb+srv:']` */
export function uri(schemes: string[]) {
  const expected = schemes.map((scheme) => `${scheme}//`).join(' or ');
  return z
    .string()
    .refine(
      (text) => schemes.some((scheme) => text.startsWith(`${scheme}//`) && text.length > scheme.length + 2),
      {
        error: `must begin with ${expected}`,
      },
    );
}

/** An http or https address, without a trailing slash. */
export const webAddress = z.string().transform((text, ctx) => {
  const url = parseWebUrl(text);
  if (url && !url.search && !url.hash) return url.href.replace(/\/$/, '');
  return refuse(ctx, 'must be an http or https address without query, fragment or credentials');
});

/** Comma-separated origins, as browsers send them. */
export const origins = list((text) => parseWebUrl(text)?.origin === text.replace(/\/$/, ''), {
  error: 'must be a comma-separated list of exact origins, such as https://app.example.com',
}).transform((texts) => texts.map((text) => text.replace(/\/$/, '')));

const NAMED_RANGES = ['loopback', 'linklocal', 'uniquelocal'];

/** Express's `trust proxy`: a number of proxies, or their addresses. Never `true`. */
export const trustedProxies = z.string().transform((text, ctx): number | string[] => {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const items = split(text);
  if (items.length > 0 && items.every((item) => NAMED_RANGES.includes(item) || isAddressRange(item)))
    return items;
  return refuse(ctx, 'must be a number of proxies or a comma-separated list of addresses and CIDR ranges');
});

export const host = z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/, { error: 'must be a host name or address' });

export const cookieDomain = z.string().regex(/^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/i, {
  error: 'must be a domain name without a leading dot',
});

/** A sender, bare or with a name: `Latchkey <no-reply@example.com>`. */
export const mailbox = z.string().regex(/^(?:[^<>@\r\n]{0,100}<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, {
  error: 'must be an e-mail address',
});

/** Whether an address is on this machine. Browsers treat plain http there as secure. */
export function isLoopback(address: string) {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(address).hostname);
}

export function split(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Reports a problem of a value. The message must not contain the value. */
export function refuse(ctx: z.RefinementCtx, message: string): never {
  ctx.addIssue({ code: 'custom', message });
  return z.NEVER;
}

function list(accepts: (item: string) => boolean, { error }: { error: string }) {
  return z
    .string()
    .transform(split)
    .refine((items) => items.length > 0 && items.every(accepts), { error });
}

function parseWebUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isWeb = ['http:', 'https:'].includes(url.protocol) && !url.hostname.includes('*');
  return isWeb && !url.username && !url.password ? url : undefined;
}

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return (
    bits === undefined ||
    (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
  );
}
