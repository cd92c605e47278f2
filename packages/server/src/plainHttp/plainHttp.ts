import type { ServerResponse } from 'node:http';
import type { AnyTRPCRouter } from '@trpc/server';
import type { NodeSource } from '../adapters/nodeRequest.js';
import type { CredentialTransport } from '../http/credentials.js';
import { describeSchemas } from './jsonSchemas.js';
import { createOpenApiDocument, type OpenApiDocument, type OpenApiInfo } from './openApiDocument.js';
import { createPlainHandler, type PlainHandler, type PlainHandlerOptions } from './plainHandler.js';
import { readPlainRoutes } from './plainRoutes.js';
import { createQueryReader, queryParameters } from './queryInput.js';

/** Settings of {@link createPlainHttp}. */
export interface PlainHttpOptions<Req, Res> {
  /** The app's router; one with Latchkey's procedures under `auth` and `admin` unless given. */
  readonly router?: AnyTRPCRouter;
  /** Which of the router's sub-routers to serve; `auth` and `admin` unless given. */
  readonly namespaces?: readonly string[];
  /** As given to tRPC's own middleware; Latchkey's unless given. */
  readonly createContext?: PlainHandlerOptions<Req, Res>['createContext'];
  /** 64 KiB unless given. */
  readonly maxBodyBytes?: number;
  /** Hears what is refused or fails, as tRPC's own `onError` does. */
  readonly onError?: PlainHandlerOptions<Req, Res>['onError'];
}

/** Procedures over plain HTTP. */
export interface PlainHttp<Req, Res> {
  /** Serves the routes; to be mounted where no prefix of the host's hides `/auth`. */
  readonly handler: PlainHandler<Req, Res>;
  /** What `handler` serves, as OpenAPI 3.1. */
  openApiDocument(info?: OpenApiInfo): OpenApiDocument;
}

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Serves and describes queries and mutations as plain HTTP: GET and POST with JSON, each under its own path.
 * Both come from the procedures themselves, so that nothing is said twice.
 *
 * @throws Error where an input of a query does not fit into an address
 */
export function createPlainHttp<Req extends NodeSource['req'], Res extends ServerResponse>(
  options: PlainHttpOptions<Req, Res> & {
    router: AnyTRPCRouter;
    createContext: PlainHandlerOptions<Req, Res>['createContext'];
  },
  { transport, appName }: { transport: CredentialTransport; appName: string },
): PlainHttp<Req, Res> {
  const { router, namespaces = ['auth', 'admin'], createContext, maxBodyBytes = MAX_BODY_BYTES } = options;
  const plainRoutes = readPlainRoutes(router, namespaces);
  const schemas = describeSchemas(plainRoutes);
  const routes = plainRoutes.map((route) => {
    const input = schemas.byName[schemas.inputName(route) ?? ''];
    const fromAddress = route.method === 'GET' && input !== undefined;
    const parameters = fromAddress ? queryParameters(route.procedure, input) : [];
    return { ...route, parameters, readQuery: fromAddress ? createQueryReader(parameters) : undefined };
  });
  const onError = options.onError ?? (() => {});
  return {
    handler: createPlainHandler({ router, routes, createContext, maxBodyBytes, onError }),
    openApiDocument: ({ title = appName, version = '1.0.0', serverUrl = '/' } = {}) =>
      createOpenApiDocument({ routes, schemas, transport, info: { title, version, serverUrl } }),
  };
}
