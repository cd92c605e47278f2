import type { ServerResponse } from 'node:http';
import type { AnyTRPCRouter } from '@trpc/server';
import type { NodeSource } from '../adapters/nodeRequest.js';
import { router as createRouter } from '../procedures/trpc.js';
import { describeSchemas } from './jsonSchemas.js';
import { createOpenApiDocument, type OpenApiDocument, type OpenApiInfo } from './openApiDocument.js';
import { createPlainHandler, type PlainHandler, type PlainHandlerOptions } from './plainHandler.js';
import { readPlainRoutes } from './plainRoutes.js';
import { createQueryReader, queryParameters } from './queryInput.js';

/** The part of `createAuth`'s result that {@link createPlainHttp} needs. */
export interface PlainHttpAuth {
  readonly router: AnyTRPCRouter;
  readonly adminRouter: AnyTRPCRouter;
  readonly createContext: (source: NodeSource) => object;
  readonly description: {
    readonly appName: string;
    readonly refreshCookie: string;
    readonly accessCookie: string | undefined;
  };
}

/** Options of {@link createPlainHttp}. */
export interface PlainHttpOptions<Req, Res> {
  /**
   * The app's router.
   *
   * @default a router with Latchkey's procedures under `auth` and `admin`
   */
  readonly router?: AnyTRPCRouter;
  /**
   * The names of the sub-routers to serve.
   *
   * @default ['auth', 'admin']
   */
  readonly namespaces?: readonly string[];
  /**
   * The same function that tRPC's own middleware gets.
   *
   * @default auth.createContext
   */
  readonly createContext?: PlainHandlerOptions<Req, Res>['createContext'];
  /**
   * The largest body that is read, in bytes.
   *
   * @default 65536 (64 KiB)
   */
  readonly maxBodyBytes?: number;
  /** Called with every error that is answered, as tRPC's own `onError` is. */
  readonly onError?: PlainHandlerOptions<Req, Res>['onError'];
}

/** Procedures over plain HTTP. */
export interface PlainHttp<Req, Res> {
  /** Serves the routes. Mount it at the root, because every route begins with its namespace, such as `/auth`. */
  readonly handler: PlainHandler<Req, Res>;
  /** Describes what `handler` serves as OpenAPI 3.1. */
  openApiDocument(info?: OpenApiInfo): OpenApiDocument;
}

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Serves and describes a router's queries and mutations as plain HTTP, for clients without tRPC: GET and POST with
 * JSON, each under its own path. Routes and document come from the procedures themselves.
 *
 * @example
 * ```ts
 * const { handler, openApiDocument } = createPlainHttp(auth);
 * app.use(handler); // POST /auth/login, GET /auth/me, …
 * app.get('/openapi.json', (_req, res) => res.json(openApiDocument()));
 * ```
 * @throws Error where the input of a query cannot be written as parameters of a URL, or two procedures share a route
 */
export function createPlainHttp<Req extends NodeSource['req'], Res extends ServerResponse>(
  auth: PlainHttpAuth,
  options: PlainHttpOptions<Req, Res> = {},
): PlainHttp<Req, Res> {
  const {
    router = createRouter({ auth: auth.router, admin: auth.adminRouter }),
    namespaces = ['auth', 'admin'],
    createContext = auth.createContext,
    maxBodyBytes = MAX_BODY_BYTES,
    onError = () => {},
  } = options;
  const { appName, ...cookies } = auth.description;
  const plainRoutes = readPlainRoutes(router, namespaces);
  const schemas = describeSchemas(plainRoutes);
  const routes = plainRoutes.map((route) => {
    const input = schemas.byName[schemas.inputName(route) ?? ''];
    const inUrl = route.method === 'GET' && input !== undefined;
    const parameters = inUrl ? queryParameters(route.procedure, input) : [];
    return { ...route, parameters, readQuery: inUrl ? createQueryReader(parameters) : undefined };
  });
  return {
    handler: createPlainHandler({ router, routes, createContext, maxBodyBytes, onError }),
    openApiDocument: ({ title = appName, version = '1.0.0', serverUrl = '/' } = {}) =>
      createOpenApiDocument({ routes, schemas, cookies, info: { title, version, serverUrl } }),
  };
}
