import { z } from 'zod';
import type { Credentials } from '../src/index.js';

/** An answer of a procedure. */
export interface Answer {
  status: number;
  headers: Headers;
  /** `result.data` */
  data: unknown;
  error: z.infer<typeof errorSchema> | undefined;
}

const errorSchema = z.object({
  message: z.string(),
  data: z.looseObject({ code: z.string(), reason: z.string().optional() }),
});
const envelopeSchema = z.object({
  result: z.object({ data: z.unknown() }).optional(),
  error: errorSchema.optional(),
});

const REFRESH_COOKIE = /^(?:__Host-)?latchkey-refresh=([^;]*)/;

/** Makes a plain HTTP client with a jar for one refresh cookie, like the browser of one person. */
export function createTestClient(url: string, { prefix = '/trpc' }: { prefix?: string } = {}) {
  const client = {
    /** The refresh cookie's value. */
    jar: undefined as string | undefined,
    accessToken: undefined as string | undefined,

    async send(
      path: string,
      init: { method?: string; body?: string | undefined; headers?: Record<string, string> } = {},
    ) {
      const headers = new Headers();
      if (client.jar !== undefined) headers.set('cookie', `__Host-latchkey-refresh=${client.jar}`);
      if (client.accessToken !== undefined) headers.set('authorization', `Bearer ${client.accessToken}`);
      for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
      const { method = 'GET', body } = init;
      const response = await fetch(`${url}${prefix}/${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      });
      for (const line of response.headers.getSetCookie()) {
        const value = REFRESH_COOKIE.exec(line)?.[1];
        if (value !== undefined) client.jar = value === '' ? undefined : value;
      }
      return response;
    },

    async query(path: string, headers: Record<string, string> = {}): Promise<Answer> {
      return read(await client.send(path, { headers }));
    },

    async mutate(path: string, input?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
      const response = await client.send(path, {
        method: 'POST',
        body: input === undefined ? undefined : JSON.stringify(input),
        headers: { 'content-type': 'application/json', 'x-latchkey': '1', ...headers },
      });
      return read(response);
    },

    async register(name = 'alice', options: { remember?: boolean } = {}): Promise<Credentials> {
      const input = { username: name, email: `${name}@example.com`, password: PASSWORD, ...options };
      return client.signedIn(await client.mutate('auth.register', input));
    },

    async refresh(episode?: string): Promise<Answer> {
      const answer = await client.mutate(
        'auth.refresh',
        undefined,
        episode ? { 'x-latchkey-episode': episode } : {},
      );
      if (answer.error === undefined) client.signedIn(answer);
      return answer;
    },

    signedIn(answer: Answer): Credentials {
      if (answer.error !== undefined) throw new Error(`Refused: ${JSON.stringify(answer.error)}`);
      const credentials = answer.data as Credentials;
      client.accessToken = credentials.accessToken;
      return credentials;
    },

    /** Copies this client with its present tokens, for the same server by default. */
    copy(at = url) {
      const other = createTestClient(at, { prefix });
      other.jar = client.jar;
      other.accessToken = client.accessToken;
      return other;
    },
  };
  return client;
}

export type TestClient = ReturnType<typeof createTestClient>;

/** A password that the policy accepts. */
export const PASSWORD = 'plum orchard at dusk 41';

async function read(response: Response): Promise<Answer> {
  const { result, error } = envelopeSchema.parse(await response.json());
  return { status: response.status, headers: response.headers, data: result?.data, error };
}
