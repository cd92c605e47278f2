import { parseIpAddress } from '../ipAddress.js';

/** A network provider gives each customer at least a /64, and the customer can use every address in it. */
const NETWORK_GROUPS = 4;

/**
 * The key under which attempts from an address are counted: the IPv4 address, however it is written, or the /64
 * network of an IPv6 address.
 *
 * Text that is not an address shares one key, so that it cannot be used to escape a limit.
 */
export function addressKey(address: string): string {
  const parsed = parseIpAddress(address);
  if (parsed === undefined) return 'unknown';
  if (!('parts' in parsed)) return parsed.toString();
  const network = parsed.parts.slice(0, NETWORK_GROUPS);
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}
