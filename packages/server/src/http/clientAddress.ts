import { isIPv4 } from 'node:net';
import type { ClientInfo } from '../clientInfo.js';

const MAX_USER_AGENT = 512;

/** A client by its address and user agent. `::ffff:192.0.2.1` becomes `192.0.2.1`, so that one address has one counter. */
export function toClientInfo(address: string | undefined, userAgent: string | undefined): ClientInfo {
  const given = address ?? '';
  const mapped = given.replace(/^::ffff:/i, '');
  return { ip: isIPv4(mapped) ? mapped : given, userAgent: (userAgent ?? '').slice(0, MAX_USER_AGENT) };
}
