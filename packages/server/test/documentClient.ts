import { z } from 'zod';

const parameterSchema = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean(),
  schema: z.looseObject({ default: z.unknown().optional() }),
});
const operationSchema = z.looseObject({
  operationId: z.string(),
  parameters: z.array(parameterSchema),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  requestBody: z.looseObject({ content: z.record(z.string(), z.unknown()) }).optional(),
});
const documentSchema = z.looseObject({
  servers: z.array(z.object({ url: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({
    securitySchemes: z.record(
      z.string(),
      z.looseObject({ type: z.string(), in: z.string().optional(), name: z.string().optional() }),
    ),
  }),
});

export interface DocumentClient {
  /** Sent where an operation takes a bearer token. */
  accessToken: string | undefined;
  readonly cookies: ReadonlyMap<string, string>;
  readonly operationIds: readonly string[];
  call(
    operationId: string,
    input?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: unknown }>;
}

/** Opens a client that knows only the OpenAPI document, like one that a generator made. */
export async function openDocumentClient(url: string): Promise<DocumentClient> {
  const document = documentSchema.parse(await (await fetch(`${url}/openapi.json`)).json());
  const schemes = document.components.securitySchemes;
  const operations = new Map(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [
        operation.operationId,
        { ...operation, path, method: method.toUpperCase() },
      ]),
    ),
  );
  const cookies = new Map<string, string>();
  const client: DocumentClient = {
    accessToken: undefined,
    cookies,
    operationIds: [...operations.keys()],

    async call(operationId, input = {}, extra = {}) {
      const operation = operations.get(operationId);
      if (operation === undefined) throw new Error(`The document has no ${operationId}.`);
      const headers = new Headers(extra);
      const query = new URLSearchParams();
      for (const { name, in: place, required, schema } of operation.parameters) {
        if (place === 'header' && required) headers.set(name, String(schema.default));
        if (place === 'query' && input[name] !== undefined) query.set(name, String(input[name]));
      }
      for (const name of new Set(operation.security.flatMap(Object.keys))) authenticate(headers, name);
      const [contentType] = Object.keys(operation.requestBody?.content ?? {});
      if (contentType !== undefined) headers.set('content-type', contentType);
      const base = `${url}${document.servers[0]?.url ?? ''}`.replace(/\/$/, '');
      const response = await fetch(`${base}${operation.path}${query.size > 0 ? `?${query}` : ''}`, {
        method: operation.method,
        headers,
        ...(contentType === undefined ? {} : { body: JSON.stringify(input) }),
      });
      keepCookies(response);
      return {
        status: response.status,
        headers: response.headers,
        body: z.unknown().parse(await response.json()),
      };
    },
  };
  return client;

  function authenticate(headers: Headers, schemeName: string) {
    const scheme = schemes[schemeName];
    if (scheme?.type === 'http' && client.accessToken !== undefined)
      headers.set('authorization', `Bearer ${client.accessToken}`);
    const value = cookies.get(scheme?.name ?? '');
    if (scheme?.in === 'cookie' && value !== undefined) headers.append('cookie', `${scheme.name}=${value}`);
  }

  function keepCookies(response: Response) {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(name.length + 1);
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
  }
}
