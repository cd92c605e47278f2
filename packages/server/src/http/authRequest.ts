import type { ClientInfo } from '../clientInfo.js';

/**
 * One request and its response, as the guards see them: raw, not checked, and read without throwing. The guards do
 * the checking, because a `createContext` that throws fails every call of a batch.
 */
export interface AuthRequest {
  readonly method: string;
  /** A header's value; several are joined by `, ` (RFC 9110, 5.3) where Node keeps them. */
  header(name: string): string | undefined;
  /** Every value sent of a header, also where Node keeps only the first. */
  headerValues(name: string): readonly string[];
  /** Every value sent of a cookie. */
  cookieValues(name: string): readonly string[];
  readonly hasBody: boolean;
  /** Whether the response is streamed, so that no header can be set once it has started. */
  readonly streamed: boolean;
  readonly client: ClientInfo;
  setHeader(name: string, value: string): void;
  addCookie(serialised: string): void;
}
