import { AUTH_REASONS } from '../errors/reasons.js';
import type { CredentialTransport } from '../http/credentials.js';
import { type JsonSchema, type JsonSchemas, schemaAddress } from './jsonSchemas.js';
import type { PlainRoute } from './plainRoutes.js';

/** A route, and the parameters of its address. */
export interface DescribedRoute extends PlainRoute {
  readonly parameters: readonly [string, JsonSchema][];
}

/** What an OpenAPI document says beside its routes. */
export interface OpenApiInfo {
  /** The API's name; the app's unless given. */
  readonly title?: string | undefined;
  /** The API's version; 1.0.0 unless given. */
  readonly version?: string | undefined;
  /** Where the routes are mounted, such as `/api`; `/` unless given. */
  readonly serverUrl?: string | undefined;
}

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  /** Operations by path and method. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

/** What a document says of one route. */
export interface OpenApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly description: string;
  readonly parameters: readonly object[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

/** Describes routes as OpenAPI 3.1, whose schemas are JSON Schema as it is. */
export function createOpenApiDocument(options: {
  routes: readonly DescribedRoute[];
  schemas: JsonSchemas;
  transport: CredentialTransport;
  info: { title: string; version: string; serverUrl: string };
}): OpenApiDocument {
  const { routes, schemas, transport, info } = options;
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const route of routes) {
    const operation = { [route.method.toLowerCase()]: describeRoute(route, { schemas, transport }) };
    paths[route.path] = { ...paths[route.path], ...operation };
  }
  return {
    openapi: '3.1.1',
    info: { title: info.title, version: info.version },
    servers: [{ url: info.serverUrl }],
    paths,
    components: {
      schemas: schemas.byName,
      securitySchemes: securitySchemes(transport),
      responses: { Refused: REFUSED },
    },
  };
}

function describeRoute(
  route: DescribedRoute,
  { schemas, transport }: { schemas: JsonSchemas; transport: CredentialTransport },
): OpenApiOperation {
  const output = schemas.outputName(route);
  const body = requestBody(route, schemas);
  return {
    operationId: route.procedure.replaceAll('.', '_'),
    tags: [route.procedure.split('.', 1)[0] ?? ''],
    description: descriptionOf(route),
    parameters: [
      ...route.parameters.map(([name, schema]) => ({
        ...{ name, in: 'query', schema },
        required: schemas.byName[schemas.inputName(route) ?? '']?.required?.includes(name) ?? false,
      })),
      ...headerParameters(route, transport),
    ],
    security: securityOf(route, transport),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      200: {
        description: 'Done.',
        headers: { 'Cache-Control': { schema: { const: 'no-store' } } },
        content: { 'application/json': { schema: output === undefined ? {} : ref(output) } },
      },
      default: { $ref: '#/components/responses/Refused' },
    },
  };
}

function descriptionOf({ meta }: PlainRoute): string {
  return [
    meta.latchkeyAccessToken ? 'Needs an access token.' : 'Open to everybody.',
    ...(meta.latchkeyCookies ? ['Reads or sets cookies.'] : []),
    // A parameter of that name would be ignored (OpenAPI 3.1, 4.8.12.1).
    'What reads or sets cookies takes requests of `content-type: application/json` with `x-latchkey: 1` alone.',
  ].join(' ');
}

function requestBody(route: PlainRoute, schemas: JsonSchemas): object | undefined {
  const name = schemas.inputName(route);
  const schema = name === undefined ? undefined : schemas.byName[name];
  if (route.method === 'GET' || name === undefined || schema === undefined) return undefined;
  const isEmpty = schema.type === 'object' && Object.keys(schema.properties ?? {}).length === 0;
  // A request that touches cookies must call itself JSON, and most clients do so only with a body.
  if (isEmpty && !route.meta.latchkeyCookies) return undefined;
  return { required: true, content: { 'application/json': { schema: ref(name) } } };
}

function headerParameters({ meta }: PlainRoute, { accessCookie }: CredentialTransport): object[] {
  const header = (name: string, required: boolean, schema: JsonSchema) => ({
    ...{ name, in: 'header', required, schema },
  });
  const byCookie = meta.latchkeyAccessToken === true && accessCookie !== undefined;
  return [
    ...(meta.latchkeyCookies || byCookie
      ? [header('x-latchkey', true, { type: 'string', enum: ['1'], default: '1' })]
      : []),
    ...(meta.latchkeyCookies
      ? [header('x-latchkey-transport', false, { type: 'string', enum: ['cookie', 'body'] })]
      : []),
    ...(meta.latchkeyRefreshToken === 'required'
      ? [header('x-latchkey-episode', false, { type: 'string', pattern: '^[\\w-]{1,64}$' })]
      : []),
  ];
}

function securityOf({ meta }: PlainRoute, { accessCookie }: CredentialTransport) {
  const access = [{ accessToken: [] }, ...(accessCookie === undefined ? [] : [{ accessCookie: [] }])];
  if (meta.latchkeyAccessToken) return access;
  if (meta.latchkeyRefreshToken === 'required') return [{ refreshCookie: [] }, {}];
  if (meta.latchkeyRefreshToken === 'optional') return [...access, { refreshCookie: [] }, {}];
  return [];
}

function securitySchemes({ refreshCookie, accessCookie }: CredentialTransport) {
  const cookie = (name: string) => ({ type: 'apiKey', in: 'cookie', name });
  return {
    accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    refreshCookie: cookie(refreshCookie.name),
    ...(accessCookie === undefined ? {} : { accessCookie: cookie(accessCookie.name) }),
  };
}

const ref = (name: string) => ({ $ref: schemaAddress(name) });

const REFUSED = {
  description: `Refused; \`error.data.reason\`, where there is one, says why: ${AUTH_REASONS.join(', ')}.`,
  headers: {
    'WWW-Authenticate': { description: 'With 401 (RFC 6750).', schema: { type: 'string' } },
    'Retry-After': { description: 'With 429 and 503, in seconds.', schema: { type: 'integer' } },
    Allow: { description: 'With 405.', schema: { type: 'string' } },
  },
  content: { 'application/json': { schema: ref('Error') } },
};
