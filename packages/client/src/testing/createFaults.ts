import type { Timers } from '../timers.js';

/** What happens to one request. */
export type Fault =
  /** It never arrives. */
  | 'lose the request'
  /** The server carries it out, but neither the answer nor its cookies arrive. */
  | 'lose the response'
  /** A proxy, a captive portal or a load balancer answers instead of the server. */
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  /** It goes out after this number of milliseconds. */
  | { readonly delay: number }
  /** It goes out when the promise resolves. */
  | { readonly wait: Promise<unknown> };

/** A request that was made, and what happened to it. */
export interface FaultyRequest {
  /** The procedure, or several in a batch, separated by commas. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly fault: Fault | undefined;
}

/** A network that fails on command. */
export interface Faults {
  /** Pass it to the session, and to the links. */
  readonly fetch: LinkFetch & typeof fetch;
  /** Sets what happens to the next requests that call the procedure, one fault each; later ones succeed. */
  next(procedure: string, ...faults: Fault[]): void;
  /** Sets what happens to every request from now on, as in an outage; without a fault, all succeed again. */
  always(fault?: Fault): void;
  /** Ends every access token that was issued so far: the server's guard refuses them from now on. */
  endTokens(): void;
  /** All requests so far, oldest first. */
  readonly requests: readonly FaultyRequest[];
  /** How many requests called the procedure. */
  count(procedure: string): number;
}

type LinkFetch = (input: string | URL | Request, init?: LinkRequestInit) => Promise<Response>;

/** What tRPC's links pass to `fetch`. */
type LinkRequestInit = Omit<RequestInit, 'signal'> & { readonly signal?: AbortSignal | null | undefined };

/** Settings of {@link createFaults}. */
export interface FaultsOptions {
  /**
   * Carries the requests that get through.
   *
   * @default globalThis.fetch
   */
  readonly fetch?: typeof fetch;
  /**
   * Timers of a delay, such as those of a {@link TestClock}.
   *
   * @default globalThis
   */
  readonly timers?: Timers;
}

/**
 * Creates a `fetch` that fails on command, to see what an app does when tokens end and networks fail.
 *
 * @example
 * const faults = createFaults();
 * const session = createSession({ url, fetch: faults.fetch });
 * faults.endTokens();
 * faults.next('auth.refresh', { status: 502 }, 'lose the response');
 */
export function createFaults({
  fetch: send = globalThis.fetch,
  timers = globalThis,
}: FaultsOptions = {}): Faults {
  const requests: FaultyRequest[] = [];
  const planned = new Map<string, Fault[]>();
  const issued = new Set<string>();
  let ended: ReadonlySet<string> = new Set();
  let everyFault: Fault | undefined;

  const nextFault = (path: string) =>
    path
      .split(',')
      .map((procedure) => planned.get(procedure)?.shift())
      .find((fault) => fault !== undefined) ?? everyFault;

  const carry = async (input: string | URL | Request, init: RequestInit, path: string) => {
    const response = await send(input, init);
    if (path.startsWith('auth.'))
      for (const [, token = ''] of (await response.clone().text()).matchAll(/"accessToken":"([^"]+)"/g))
        issued.add(`Bearer ${token}`);
    return response;
  };

  const fetchWithFaults: Faults['fetch'] = async (input, init) => {
    const path = procedurePath(input instanceof Request ? input.url : String(input));
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    const fault = nextFault(path);
    requests.push({ path, headers: Object.fromEntries(headers), fault });
    const signal = init?.signal ?? null;
    if (fault === 'lose the request') throw lost();
    if (typeof fault === 'object') {
      if ('status' in fault) return new Response(fault.body ?? '', fault);
      const { promise, cancel } =
        'wait' in fault ? { promise: fault.wait, cancel: undefined } : after(fault.delay);
      await unlessAborted(promise, signal).finally(cancel);
    }
    // Checked when the request arrives: a token may end while its request is on the way.
    if (ended.has(headers.get('authorization') ?? '')) headers.set('authorization', 'Bearer ended');
    const response = await carry(input, { ...init, headers, signal }, path);
    if (fault === 'lose the response') throw lost();
    return response;
  };

  const after = (milliseconds: number) => {
    let timer: unknown;
    const promise = new Promise<void>((resolve) => {
      timer = timers.setTimeout(resolve, milliseconds);
    });
    return { promise, cancel: () => timers.clearTimeout(timer) };
  };

  return {
    fetch: fetchWithFaults,
    next: (procedure, ...faults) => {
      planned.set(procedure, faults);
    },
    always: (fault) => {
      everyFault = fault;
    },
    endTokens: () => {
      ended = new Set(issued);
    },
    requests,
    count: (procedure) => requests.filter(({ path }) => path.split(',').includes(procedure)).length,
  };
}

/** What `fetch` rejects with when the network fails. */
function lost(): TypeError {
  return new TypeError('fetch failed');
}

function procedurePath(url: string): string {
  const { pathname } = new URL(url, 'http://localhost');
  return decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1));
}

function unlessAborted(work: Promise<unknown>, signal: AbortSignal | null): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    work.then(resolve, reject).finally(() => signal?.removeEventListener('abort', abort));
  });
}
