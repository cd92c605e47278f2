import type { ClientInfo } from '../clientInfo.js';

/**
 * One HTTP request and what may be said back, as the guards see it: raw, unjudged, read without throwing.
 * Judging is the guards' work, because a throwing `createContext` fails every call of a batch.
 */
export interface AuthRequest {
  readonly method: string;
  /** A header's value; several are joined by `, ` (RFC 9110, 5.3) where Node keeps them. */
  header(name: string): string | undefined;
  /** Every value sent of a header, also where Node itself keeps only the first. */
  headerValues(name: string): readonly string[];
  /** Every value sent of a cookie. */
  cookieValues(name: string): readonly string[];
  /** Whether the request has a body at all. */
  readonly hasBody: boolean;
  /** Whether the answer is streamed, so that no header can be set once it has begun. */
  readonly streamed: boolean;
  readonly client: ClientInfo;
  setHeader(name: string, value: string): void;
  addCookie(serialised: string): void;
}
