import type { ServerResponse } from 'node:http';
import {
  type AnyTRPCRouter,
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  TRPCError,
  type TRPCProcedureType,
} from '@trpc/server';
import type { TRPCRequestInfo } from '@trpc/server/http';
import type { NodeSource } from '../adapters/nodeRequest.js';
import { toErrorShape } from '../errors/errorShape.js';
import type { PlainRoute } from './plainRoutes.js';
import type { QueryReader } from './queryInput.js';
import { readBody } from './readBody.js';

export interface ServedRoute extends PlainRoute {
  /** Reads the input from the URL's query; undefined where the input is in the body. */
  readonly readQuery: QueryReader | undefined;
}

/** A connect-style handler for the host's types of request and response. */
export type PlainHandler<Req, Res> = (req: Req, res: Res, next: (error?: unknown) => void) => void;

export interface PlainHandlerOptions<Req, Res> {
  readonly router: AnyTRPCRouter;
  readonly routes: readonly ServedRoute[];
  readonly createContext: (options: {
    req: Req;
    res: Res;
    info: TRPCRequestInfo;
  }) => object | Promise<object>;
  readonly maxBodyBytes: number;
  readonly onError: (failure: { error: TRPCError; path: string; type: TRPCProcedureType }) => void;
}

/**
 * Serves routes by calling their procedures, with their guards. An unknown path goes to the next handler; a known path
 * with another method is refused with 405.
 */
export function createPlainHandler<Req extends NodeSource['req'], Res extends ServerResponse>(
  options: PlainHandlerOptions<Req, Res>,
): PlainHandler<Req, Res> {
  const { router, routes, createContext, maxBodyBytes, onError } = options;

  const call = async (route: ServedRoute, { req, res, query }: { req: Req; res: Res; query: string }) => {
    const aborted = new AbortController();
    res.once('close', () => aborted.abort());
    // The guards pass first; then the input is read, once.
    let input: Promise<unknown> | undefined;
    const getRawInput = () => {
      input ??= Promise.resolve(route.readQuery?.(new URLSearchParams(query)) ?? readBody(req, maxBodyBytes));
      return input;
    };
    const info = requestInfo({ req, route, getRawInput, signal: aborted.signal });
    return callTRPCProcedure({
      router,
      path: route.procedure,
      type: route.type,
      ctx: await createContext({ req, res, info }),
      getRawInput,
      signal: aborted.signal,
      batchIndex: 0,
    });
  };

  const refuse = (res: Res, cause: unknown, route: PlainRoute) => {
    const error = getTRPCErrorFromUnknown(cause);
    onError({ error, path: route.procedure, type: route.type });
    const shape = toErrorShape(error, route.procedure);
    send(res, shape.data.httpStatus, { error: shape });
  };

  return (req, res, next) => {
    const [path = '', query = ''] = (req.url ?? '').split('?', 2);
    const here = routes.filter((route) => route.path === path);
    const [first] = here;
    if (first === undefined) return next();
    res.setHeader('Cache-Control', 'no-store');
    const method = req.method === 'HEAD' ? 'GET' : req.method;
    const route = here.find((candidate) => candidate.method === method);
    if (route === undefined) {
      res.setHeader('Allow', here.map((known) => (known.method === 'GET' ? 'GET, HEAD' : 'POST')).join(', '));
      const message = 'This method is not supported.';
      return refuse(res, new TRPCError({ code: 'METHOD_NOT_SUPPORTED', message }), first);
    }
    call(route, { req, res, query })
      .then((output) => send(res, 200, output ?? null))
      .catch((error: unknown) => refuse(res, error, route))
      .catch(next);
  };
}

function send(res: ServerResponse, status: number, body: unknown): void {
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.end(JSON.stringify(body));
}

/** The `info` that tRPC's adapters pass to `createContext`. */
function requestInfo(options: {
  req: NodeSource['req'];
  route: PlainRoute;
  getRawInput: () => Promise<unknown>;
  signal: AbortSignal;
}): TRPCRequestInfo {
  const { req, route, getRawInput, signal } = options;
  return {
    // Plain HTTP never streams. Procedures that cannot be streamed refuse a client that asks for it.
    accept: req.headers['trpc-accept'] === 'application/jsonl' ? 'application/jsonl' : null,
    type: route.type,
    isBatchCall: false,
    calls: [{ path: route.procedure, getRawInput, result: () => undefined, procedure: null, batchIndex: 0 }],
    connectionParams: null,
    signal,
    url: null,
  };
}
