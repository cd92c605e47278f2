import { AUTH_REASONS } from '../errors/reasons.js';
import { type JsonSchema, type JsonSchemas, schemaAddress } from './jsonSchemas.js';
import type { PlainRoute } from './plainRoutes.js';

/** A route, and the parameters of its URL. */
export interface DescribedRoute extends PlainRoute {
  readonly parameters: readonly [string, JsonSchema][];
}

/** The names of the cookies that carry credentials. */
export interface CookieNames {
  readonly refreshCookie: string;
  readonly accessCookie: string | undefined;
}

/** The parts of an OpenAPI document that do not come from the routes. */
export interface OpenApiInfo {
  /**
   * The API's name.
   *
   * @default createAuth's `appName`
   */
  readonly title?: string | undefined;
  /**
   * The API's version.
   *
   * @default '1.0.0'
   */
  readonly version?: string | undefined;
  /**
   * Where the routes are mounted, such as `/api`.
   *
   * @default '/'
   */
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

/** The description of one route. */
export interface OpenApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly description: string;
  readonly parameters: readonly object[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

/** Describes routes as OpenAPI 3.1, which takes JSON Schema unchanged. */
export function createOpenApiDocument(options: {
  routes: readonly DescribedRoute[];
  schemas: JsonSchemas;
  cookies: CookieNames;
  info: { title: string; version: string; serverUrl: string };
}): OpenApiDocument {
  const { routes, schemas, cookies, info } = options;
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const route of routes) {
    const operation = { [route.method.toLowerCase()]: describeRoute(route, { schemas, cookies }) };
    paths[route.path] = { ...paths[route.path], ...operation };
  }
  return {
    openapi: '3.1.1',
    info: { title: info.title, version: info.version },
    servers: [{ url: info.serverUrl }],
    paths,
    components: {
      schemas: schemas.byName,
      securitySchemes: securitySchemes(cookies),
      responses: { Refused: refusedResponse() },
    },
  };
}

function describeRoute(
  route: DescribedRoute,
  { schemas, cookies }: { schemas: JsonSchemas; cookies: CookieNames },
): OpenApiOperation {
  const output = schemas.outputName(route);
  const body = requestBody(route, schemas);
  const required = schemas.byName[schemas.inputName(route) ?? '']?.required ?? [];
  return {
    operationId: route.procedure.replaceAll('.', '_'),
    tags: [route.procedure.split('.', 1)[0] ?? ''],
    description: descriptionOf(route),
    parameters: [
      ...route.parameters.map(([name, schema]) =>
        parameter('query', name, { required: required.includes(name), schema }),
      ),
      ...headerParameters(route, cookies),
    ],
    security: securityOf(route, cookies),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      200: {
        description: 'Done.',
        headers: { 'Cache-Control': { schema: { const: 'no-store' } } },
        content: { 'application/json': { schema: output === undefined ? {} : reference(output) } },
      },
      default: { $ref: '#/components/responses/Refused' },
    },
  };
}

function descriptionOf({ meta }: PlainRoute): string {
  return [
    meta.latchkeyAccessToken ? 'Needs an access token.' : 'Open to everybody.',
    ...(meta.latchkeyCookies ? ['Reads or sets cookies.'] : []),
    // A header parameter named Content-Type would be ignored (OpenAPI 3.1, 4.8.12.1).
    'A route that reads or sets cookies accepts only requests with `content-type: application/json` and `x-latchkey: 1`.',
  ].join(' ');
}

function requestBody(route: PlainRoute, schemas: JsonSchemas): object | undefined {
  const name = schemas.inputName(route);
  const schema = name === undefined ? undefined : schemas.byName[name];
  if (route.method === 'GET' || name === undefined || schema === undefined) return undefined;
  const isEmpty = schema.type === 'object' && Object.keys(schema.properties ?? {}).length === 0;
  // A request that uses cookies must have the content type JSON, and most clients set it only with a body.
  if (isEmpty && !route.meta.latchkeyCookies) return undefined;
  return { required: true, content: { 'application/json': { schema: reference(name) } } };
}

function headerParameters({ meta }: PlainRoute, { accessCookie }: CookieNames): object[] {
  const byCookie = meta.latchkeyAccessToken === true && accessCookie !== undefined;
  const parameters: object[] = [];
  const add = (name: string, required: boolean, schema: JsonSchema) =>
    parameters.push(parameter('header', name, { required, schema }));
  if (meta.latchkeyCookies || byCookie)
    add('x-latchkey', true, { type: 'string', enum: ['1'], default: '1' });
  if (meta.latchkeyCookies) add('x-latchkey-transport', false, { type: 'string', enum: ['cookie', 'body'] });
  if (meta.latchkeyRefreshToken === 'required')
    add('x-latchkey-episode', false, { type: 'string', pattern: '^[\\w-]{1,64}$' });
  return parameters;
}

function parameter(place: 'query' | 'header', name: string, rest: { required: boolean; schema: JsonSchema }) {
  return { name, in: place, ...rest };
}

function securityOf({ meta }: PlainRoute, { accessCookie }: CookieNames) {
  const access = [{ accessToken: [] }, ...(accessCookie === undefined ? [] : [{ accessCookie: [] }])];
  if (meta.latchkeyAccessToken) return access;
  if (meta.latchkeyRefreshToken === 'required') return [{ refreshCookie: [] }, {}];
  if (meta.latchkeyRefreshToken === 'optional') return [...access, { refreshCookie: [] }, {}];
  return [];
}

function securitySchemes({ refreshCookie, accessCookie }: CookieNames) {
  const cookie = (name: string) => ({ type: 'apiKey', in: 'cookie', name });
  return {
    accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    refreshCookie: cookie(refreshCookie),
    ...(accessCookie === undefined ? {} : { accessCookie: cookie(accessCookie) }),
  };
}

function reference(name: string) {
  return { $ref: schemaAddress(name) };
}

function refusedResponse() {
  return {
    description: `Refused. \`error.data.reason\`, if present, says why: ${AUTH_REASONS.join(', ')}.`,
    headers: {
      'WWW-Authenticate': { description: 'With 401 (RFC 6750).', schema: { type: 'string' } },
      'Retry-After': { description: 'With 429 and 503, in seconds.', schema: { type: 'integer' } },
      Allow: { description: 'With 405.', schema: { type: 'string' } },
    },
    content: { 'application/json': { schema: reference('Error') } },
  };
}
