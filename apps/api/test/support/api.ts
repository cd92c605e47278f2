/** A client without the SDK: fetch, and a jar for the refresh cookie. */
export interface Api {
  /** Sends a mutation as a browser's script would. */
  post(path: string, input?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Sends a query. */
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** The content of the jar as a Cookie header. Tests may set it. */
  cookie: string | undefined;
  /** Sent as a bearer token. */
  accessToken: string | undefined;
}

export interface Answer {
  status: number;
  headers: Headers;
  setCookie: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: the tests read whatever the server sent
  data: any;
  error:
    | { code?: string; httpStatus?: number; reason?: string; fields?: Record<string, string[]> }
    | undefined;
  text: string;
}

export function createApi(url: string): Api {
  const api: Api = {
    cookie: undefined,
    accessToken: undefined,
    post: (path, input, headers) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-latchkey': '1', ...headers },
        ...(input === undefined ? {} : { body: JSON.stringify(input) }),
      }),
    get: (path, headers) => send(path, { headers: headers ?? {} }),
  };
  return api;

  async function send(
    path: string,
    init: { method?: string; headers: Record<string, string>; body?: string },
  ) {
    const own = {
      ...(api.cookie === undefined ? {} : { cookie: api.cookie }),
      ...(api.accessToken === undefined ? {} : { authorization: `Bearer ${api.accessToken}` }),
    };
    const res = await fetch(`${url}/trpc/${path}`, { ...init, headers: { ...own, ...init.headers } });
    const answer = await read(res);
    if (answer.setCookie !== undefined) keep(answer.setCookie);
    if (typeof answer.data?.accessToken === 'string') api.accessToken = answer.data.accessToken;
    return answer;
  }

  function keep(setCookie: string) {
    const [pair = ''] = setCookie.split(';');
    api.cookie = pair.endsWith('=') ? undefined : pair;
  }
}

async function read(res: Response): Promise<Answer> {
  const text = await res.text();
  const body = text.startsWith('{') ? JSON.parse(text) : {};
  return {
    status: res.status,
    headers: res.headers,
    setCookie: res.headers.getSetCookie().find((cookie) => cookie.includes('latchkey-refresh=')),
    data: body.result?.data,
    error: body.error?.data,
    text,
  };
}

let people = 0;

/** Returns a person who has not registered yet. */
export function newPerson() {
  const name = `person-${process.pid}-${people++}`;
  return { username: name, email: `${name}@example.com`, password: 'a sentence nobody else uses 7' };
}
