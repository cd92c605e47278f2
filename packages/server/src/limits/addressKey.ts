import { isIPv4, isIPv6 } from 'node:net';

const GROUPS = 8;
/** A customer of a network provider is given a /64 at least, and can use every address of it. */
const NETWORK_GROUPS = 4;

/**
 * Whom an address stands for: an IPv4 address, however it is written, or the /64 network of an IPv6 address.
 *
 * What is no address at all shares one key, so that it cannot be used to get away from a limit.
 */
export function addressKey(address: string): string {
  const [bare = ''] = address.split('%', 1);
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return 'unknown';
  const groups = groupsOf(bare);
  return mappedIPv4(groups) ?? `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

/** The eight numbers of an IPv6 address; the URL parser writes every spelling in one way (RFC 5952). */
function groupsOf(address: string): string[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const before = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  return [...before, ...Array<string>(GROUPS - before.length - after.length).fill('0'), ...after];
}

/** The IPv4 address in `::ffff:0:0/96` (RFC 4291, 2.5.5.2). */
function mappedIPv4(groups: readonly string[]): string | undefined {
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return undefined;
  const bytes = groups.slice(6).flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  return bytes.join('.');
}
