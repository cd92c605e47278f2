import type { AuthRequest } from '../http/authRequest.js';

/** The request with this Authorization header in place of its own, without cookies; it sets nothing in the response. */
export function withAuthorization(request: AuthRequest, authorization: string | undefined): AuthRequest {
  const values = authorization === undefined ? [] : [authorization];
  return {
    method: request.method,
    client: request.client,
    hasBody: false,
    streamed: false,
    header: (name) => (name === 'authorization' ? authorization : request.header(name)),
    headerValues: (name) => (name === 'authorization' ? values : request.headerValues(name)),
    cookieValues: () => [],
    setHeader: () => {},
    addCookie: () => {},
  };
}
