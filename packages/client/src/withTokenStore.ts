import { type KeptToken, loadToken, replaceToken } from './keptToken.js';
import type { SessionOptions } from './sessionTypes.js';
import type { TokenStore } from './tokenStore.js';
import type { Credentials } from './wire.js';

/** What the `auth` router's mutations answer when they are asked for the refresh token: nothing of it to `logout`. */
type BodyAnswer = Partial<Credentials> & { readonly refreshToken?: string };

const same = (value: unknown): unknown => value;

/**
 * The same options, for a session that keeps its refresh token in a store of its own instead of a cookie: in scripts,
 * command-line tools, mobile apps and tests. The server refuses this to browsers.
 *
 * A token is given up only when its successor is kept: who is killed in between presents the older one again, and the
 * server answers with the same successor. An answer that cannot be kept counts as none.
 *
 * @example
 * const session = createSession(withTokenStore({ url }, fileTokenStore('/home/ada/.config/app/session')));
 */
export const withTokenStore = (options: SessionOptions, store: TokenStore): SessionOptions => {
  const { transformer = { serialize: same, deserialize: same }, fetch: send = globalThis.fetch } = options;

  const keep = async (procedure: string, { session, refreshToken }: BodyAnswer) => {
    if (!session || !refreshToken) throw new Error('The server answered without a refresh token');
    const next = { sessionId: session.id, generation: session.generation, refreshToken };
    await replaceToken(store, next, (kept) => procedure !== 'refresh' || isSuccessor(next, kept));
  };

  /** The answer without its refresh token, once that is kept. */
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
};

/** The data of a successful answer; undefined for any other, a proxy's page included. */
const dataOf = (text: string): unknown => {
  try {
    return JSON.parse(text)?.result?.data;
  } catch {
    return undefined;
  }
};

/** A late answer changes nothing: another process may have gone on, signed out, or signed in. */
const isSuccessor = (next: KeptToken, kept: KeptToken | undefined): boolean =>
  kept?.sessionId === next.sessionId && kept.generation < next.generation;
