import type { FuzzRequest } from './calls.js';
import type { Person } from './people.js';

export interface FuzzAnswer {
  status: number;
  /** Everything a client can see: headers and body. */
  text: string;
  /** One for each call in order, or a single one if the whole request was refused. */
  outcomes: Outcome[];
}

/** `error.data` of a refused call. */
type Outcome = { code?: string; httpStatus?: number; reason?: string } | undefined;

/** Inputs are generated before there are people: these stand for the data of the sender. */
const OWN = {
  'own-note': 'noteId',
  'own-session': 'sessionId',
  'own-user': 'userId',
  'own-name': 'username',
} as const;

/** Placeholders for the ids of the sender. */
export const OWN_MARKS: readonly string[] = ['own-note', 'own-session', 'own-user'];

/** No bound on speed: only what hangs is to be noticed. */
const HUNG_MS = 60_000;

/** Sends a request, signed in as a person or signed out. Fails if no answer comes. */
export async function send(
  url: string,
  request: FuzzRequest,
  sender: Person | undefined,
): Promise<FuzzAnswer> {
  const addressee = addressed(request);
  const path = withOwn(addressee.path, sender);
  const body = addressee.body && withOwn(addressee.body, sender);
  const isPost = request.calls[0]?.procedure.type === 'mutation';
  const stop = new AbortController();
  const hung = setTimeout(() => stop.abort(new Error('no answer')), HUNG_MS);
  try {
    const res = await fetch(url + path, {
      method: isPost ? 'POST' : 'GET',
      headers: headersOf(request, sender),
      ...(isPost && body !== undefined ? { body } : {}),
      signal: stop.signal,
    });
    const streams = res.headers.get('content-type')?.startsWith('text/event-stream');
    const read = streams ? await firstChunk(res) : await res.text();
    return {
      status: res.status,
      text: `${[...res.headers].join('\n')}\n${read}`,
      outcomes: streams ? [undefined] : outcomesIn(read),
    };
  } finally {
    clearTimeout(hung);
  }
}

function withOwn(text: string, sender: Person | undefined): string {
  if (sender === undefined) return text;
  return Object.entries(OWN).reduce((filled, [mark, id]) => filled.replaceAll(mark, sender[id]), text);
}

function addressed({ by, calls, rawBody }: FuzzRequest): { path: string; body: string | undefined } {
  const [first] = calls;
  if (first === undefined) throw new Error('a request without calls');
  const { name, type } = first.procedure;
  const inQuery = type !== 'mutation';
  if (by === 'plain') {
    const path = plainPath(name, inQuery);
    return inQuery
      ? { path: `${path}?${plainQuery(first.input)}`, body: undefined }
      : { path, body: rawBody ?? toJson(first.input) };
  }
  const json =
    by === 'trpc'
      ? toJson(first.input)
      : toJson(Object.fromEntries(calls.map(({ input }, index) => [index, input])));
  const path = `/trpc/${calls.map((call) => call.procedure.name).join(',')}${by === 'batch' ? '?batch=1' : ''}`;
  if (!inQuery) return { path, body: rawBody ?? json };
  const input = rawBody ?? json;
  const query =
    input === undefined ? '' : `${by === 'batch' ? '&' : '?'}input=${encodeURIComponent(wellFormed(input))}`;
  // Addresses that are too long for Node have another test.
  return { path: (path + query).slice(0, 12_000), body: undefined };
}

/** Leaves undefined out, as clients do. */
function toJson(input: unknown): string | undefined {
  return JSON.stringify(input);
}

/** A URL cannot contain lone surrogates. */
function wellFormed(text: string) {
  return Buffer.from(text).toString();
}

/** The path of a procedure over plain HTTP. */
export function plainPath(name: string, isQuery: boolean): string {
  if (name === 'auth.refresh') return '/auth/refresh-token';
  const path = `/${name.replaceAll('.', '/').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return isQuery ? path.replace(/\/list$/, '') : path;
}

/** An input as an address carries it: everything as text. */
export function plainQuery(input: unknown): string {
  const query = new URLSearchParams();
  if (typeof input !== 'object' || input === null)
    return `input=${encodeURIComponent(wellFormed(String(input)).slice(0, 2_000))}`;
  for (const [name, value] of Object.entries(input)) {
    for (const each of Array.isArray(value) ? value : [value])
      query.append(name, (typeof each === 'string' ? each : (JSON.stringify(each) ?? '')).slice(0, 2_000));
  }
  return query.toString();
}

function headersOf({ caller, ours }: FuzzRequest, sender: Person | undefined): Record<string, string> {
  return {
    ...(ours ? { 'content-type': 'application/json', 'x-latchkey': '1' } : { 'content-type': 'text/plain' }),
    ...(sender === undefined ? {} : { authorization: `Bearer ${sender.accessToken}`, cookie: sender.cookie }),
    ...(caller === 'forger'
      ? { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.', cookie: '__Host-latchkey-refresh=a.b' }
      : {}),
  };
}

async function firstChunk(res: Response): Promise<string> {
  const reader = res.body?.pipeThrough(new TextDecoderStream()).getReader();
  const { value = '' } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return value;
}

function outcomesIn(text: string): Outcome[] {
  const parsed: unknown = JSON.parse(text);
  return (Array.isArray(parsed) ? parsed : [parsed]).map((answer) => answer?.error?.data);
}
