import type { SessionOptions } from '../session/types.js';
import { PLAIN } from '../transport/authCall.js';
import type { Credentials } from '../transport/wire.js';
import { type KeptToken, loadToken, replaceToken } from './keptToken.js';
import type { TokenStore } from './types.js';

/** The answer of the `auth` router's mutations when they are asked for the refresh token; `logout` has none of it. */
type BodyAnswer = Partial<Credentials> & { readonly refreshToken?: string };

/**
 * Returns the options of a session that keeps its refresh token in a store instead of a cookie: for scripts,
 * command-line tools, mobile apps and tests. The server refuses this to browsers.
 *
 * A token is given up only when its successor is kept. A process that is killed in between presents the older one
 * again, and the server answers with the same successor. An answer that cannot be kept counts as no answer.
 *
 * @example
 * const session = createSession(withTokenStore({ url }, fileTokenStore('/home/ada/.config/app/session')));
 */
export function withTokenStore(options: SessionOptions, store: TokenStore): SessionOptions {
  const { transformer = PLAIN, fetch: send = globalThis.fetch } = options;

  const keep = async (procedure: string, { session, refreshToken }: BodyAnswer) => {
    if (!session || !refreshToken) throw new Error('The server answered without a refresh token');
    const next = { sessionId: session.id, generation: session.generation, refreshToken };
    await replaceToken(store, next, (kept) => procedure !== 'refresh' || isSuccessor(next, kept));
  };

  /** Keeps the refresh token, and returns the answer without it. */
  const settle = async (procedure: string, response: Response, presented: KeptToken | undefined) => {
    const text = await response.text();
    const head = { status: response.status, headers: response.headers };
    const data = dataOf(text);
    if (data === undefined) return new Response(text, head);
    const { refreshToken, ...answer } = transformer.deserialize(data as never) as BodyAnswer;
    if (procedure === 'logout')
      await replaceToken(store, undefined, (kept) => kept?.refreshToken === presented?.refreshToken);
    else await keep(procedure, { ...answer, ...(refreshToken && { refreshToken }) });
    return new Response(JSON.stringify({ result: { data: transformer.serialize(answer) } }), head);
  };

  return {
    ...options,
    fetch: async (input, init) => {
      const [, procedure = ''] = /auth\.([\w.]+)$/.exec(String(input)) ?? [];
      const presented = /^(refresh|logout)$/.test(procedure) ? await loadToken(store) : undefined;
      const response = await send(input, {
        ...init,
        headers: { ...init?.headers, 'x-latchkey-transport': 'body' },
        ...(presented && {
          body: JSON.stringify(transformer.serialize({ refreshToken: presented.refreshToken })),
        }),
      });
      return settle(procedure, response, presented);
    },
  };
}

/** The data of a successful answer; undefined for any other, such as a proxy's page. */
function dataOf(text: string): unknown {
  try {
    return JSON.parse(text)?.result?.data;
  } catch {
    return undefined;
  }
}

/** A late answer changes nothing: another process may have refreshed, signed out, or signed in. */
function isSuccessor(next: KeptToken, kept: KeptToken | undefined): boolean {
  return kept?.sessionId === next.sessionId && kept.generation < next.generation;
}
