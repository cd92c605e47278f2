import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A network provider gives each customer at least a /64, and the customer can use every address in it. */
const NETWORK_GROUPS = 4;

/**
 * The key under which attempts from an address are counted: the IPv4 address, however it is written, or the /64
 * network of an IPv6 address.
 *
 * Text that is not an address shares one key, so that it cannot be used to escape a limit.
 */
export function addressKey(address: string): string {
  const [bare = ''] = address.split('%', 1);
  // ipaddr.js alone also reads short forms such as 1.2.3.
  if (isIP(bare) === 0) return 'unknown';
  const parsed = ipaddr.process(bare);
  if (!('parts' in parsed)) return parsed.toString();
  const network = parsed.parts.slice(0, NETWORK_GROUPS);
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}
