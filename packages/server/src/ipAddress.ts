import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Reads an IP address; an IPv4 address in IPv6 form (`::ffff:192.0.2.1`) is read as IPv4. A zone is ignored. */
export function parseIpAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const [bare = ''] = address.split('%', 1);
  // ipaddr.js alone also takes short forms such as 1.2.3.
  return isIP(bare) === 0 ? undefined : ipaddr.process(bare);
}
